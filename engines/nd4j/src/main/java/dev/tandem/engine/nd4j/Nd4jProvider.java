package dev.tandem.engine.nd4j;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.GpuProbe;
import dev.tandem.model.engine.MemoryBudget;
import java.util.function.UnaryOperator;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.buffer.DataType;

/** Provides the ND4J engine in single precision, on the CPU or, in a build with the CUDA backend, on a GPU. */
public final class Nd4jProvider implements EngineProvider {
    static final String NAME = "nd4j";
    private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    @Override
    public String name() {
        return NAME;
    }

    /** First on the CPU, where no engine is faster; on a GPU after engines with a newer CUDA. */
    @Override
    public int rank(Device.Kind kind) {
        return kind == Device.Kind.CPU ? 0 : 1;
    }

    @Override
    public DeviceSupport support(Device device) {
        if (device.kind() == Device.Kind.CPU) {
            return DeviceSupport.cpu();
        }
        return isCudaPresent()
                ? GpuSupport.of(device, GpuProbe.gpus())
                : DeviceSupport.unusable("this build has no CUDA backend of ND4J (build with -Pcuda)");
    }

    @Override
    public boolean hasSecondDerivatives() {
        return false;
    }

    @Override
    public Engine open(Device device, EngineOptions options) {
        prepare(device);
        UnaryOperator<Runnable> instrument = options.operationTimes()
                .<UnaryOperator<Runnable>>map(times -> new OperationTimer(times)::timed)
                .orElse(UnaryOperator.identity());
        return new Nd4jEngine(DataType.FLOAT, options.device(), MemoryBudget.of(device, options.limits()), instrument);
    }

    /** Has an effect only before the first use of ND4J, which chooses its backend once per process. */
    private static void prepare(Device device) {
        System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        if (device.kind() == Device.Kind.CPU) {
            ND4JClassLoading.setNd4jClassloader(new CpuOnlyClassLoader(Nd4jProvider.class.getClassLoader()));
        }
    }

    private static boolean isCudaPresent() {
        try {
            Class.forName(CUDA_BACKEND, false, Nd4jProvider.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
