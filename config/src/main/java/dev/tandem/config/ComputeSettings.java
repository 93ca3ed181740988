package dev.tandem.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How and where the model is computed. These settings depend on the machine, so the values in a checkpoint are ignored.
 *
 * @param engine name of the engine; empty: the best one for the device
 * @param device device of the model
 * @param precision precision of convolutions and matrix products
 * @param deterministic whether the same inputs always give the same bits, on GPUs too
 * @param cudaGraphs whether CUDA graphs replay phases on GPUs
 */
public record ComputeSettings(
        Optional<String> engine, Device device, Precision precision, boolean deterministic, CudaGraphs cudaGraphs) {

    /** Precision of convolutions and matrix products. All other values are float32. */
    public enum Precision {
        /** Float32. */
        FP32,
        /** Float32 with a mantissa of 10 bits, on tensor cores. */
        TF32,
        /** Float16 with the exponent of float32. */
        BF16;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether CUDA graphs replay phases. */
    public enum CudaGraphs {
        /** On GPUs, if the engine can. */
        AUTO,
        /** Never. */
        OFF;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Set<String> KEYS =
            Set.of("model.engine", "model.device", "model.precision", "model.deterministic", "model.cuda-graphs");

    private static final String AUTO = "auto";
    private static final String ONLY_TRANSLATES = "onnxruntime";

    /** The settings of the best engine in float32, without CUDA graphs. */
    public static ComputeSettings on(Device device) {
        return new ComputeSettings(Optional.empty(), device, Precision.FP32, false, CudaGraphs.OFF);
    }

    static ComputeSettings from(SettingsSection model) {
        String engine = model.text("engine").trim().toLowerCase(Locale.ROOT);
        RangeCheck.require(
                !engine.equals(ONLY_TRANSLATES),
                "model.engine",
                '"' + engine + '"',
                "an engine that trains; set translate.engine=" + engine + " to translate with it");
        return new ComputeSettings(
                Optional.of(engine).filter(name -> !name.equals(AUTO)),
                Device.parse(model.text("device")),
                model.choice("precision", Precision.class),
                model.flag("deterministic"),
                model.choice("cuda-graphs", CudaGraphs.class));
    }
}
