package dev.tandem.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.engine.OpenMpThreads;
import dev.tandem.model.interop.onnx.OnnxExport;
import dev.tandem.model.network.Networks;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One way to translate a batch of noise. */
record Contestant(String name, Networks networks, Translation translation, Resource resource) implements AutoCloseable {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Translates images a with latents z. */
    interface Translation {
        void run(Tensor a, Tensor z) throws OrtException;
    }

    /** What a contestant closes. */
    interface Resource {
        void close() throws OrtException;
    }

    /** An engine of Tandem, as {@code translate.engine} names it. */
    static Contestant engine(Settings settings, String engine, Checkpoint checkpoint) {
        BicycleGan model = Models.translating(onCpu(settings, engine), Optional.of(checkpoint));
        return new Contestant(engine, Networks.of(settings), model::translate, model::close);
    }

    /**
     * ONNX Runtime on the exported file, with its default options but the same number of threads. Its threads do not wait
     * actively after a translation, because they would take time from the next contestant.
     */
    static Contestant exportedFile(Settings settings, Checkpoint checkpoint) throws IOException, OrtException {
        Path file = Files.createTempFile("tandem-bench-", ".onnx");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OnnxExport.of(checkpoint).writeGenerator(file);
            options.setIntraOpNumThreads(OpenMpThreads.of(System.getenv()));
            options.addConfigEntry("session.force_spinning_stop", "1");
            OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            return new Contestant("exportedFile", Networks.of(settings), (a, z) -> run(session, a, z), session::close);
        } finally {
            Files.delete(file);
        }
    }

    private static void run(OrtSession session, Tensor a, Tensor z) throws OrtException {
        try (OnnxTensor onnxA = onnx(a);
                OnnxTensor onnxZ = onnx(z);
                OrtSession.Result result = session.run(Map.of("a", onnxA, "z", onnxZ))) {
            ((OnnxTensor) result.get(0)).getFloatBuffer();
        }
    }

    private static OnnxTensor onnx(Tensor tensor) throws OrtException {
        long[] shape = tensor.shape().dimensions().stream().mapToLong(d -> d).toArray();
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(tensor.data()), shape);
    }

    /** The settings of a model that translates on the CPU with an engine. */
    static Settings onCpu(Settings settings, String engine) {
        Map<String, String> values = new TreeMap<>(settings.provenance());
        values.put("translate.engine", engine);
        values.put("model.device", "cpu");
        return SettingsLoader.load(
                Optional.empty(),
                values.entrySet().stream().map(Map.Entry::toString).toList());
    }

    /** Translates a batch and returns the duration. */
    double millis(int batch) throws OrtException {
        Tensor a = Noise.gaussian(networks.inputShape(batch), 1, "a");
        Tensor z = Noise.gaussian(networks.latentShape(batch), 1, "z");
        long start = System.nanoTime();
        translation.run(a, z);
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    @Override
    public void close() throws OrtException {
        resource.close();
    }
}
