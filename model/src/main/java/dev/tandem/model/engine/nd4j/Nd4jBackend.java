package dev.tandem.model.engine.nd4j;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.model.engine.Engine;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which of ND4J's backends serves, before ND4J does, and opens engines on it. */
public final class Nd4jBackend {
    private static final Logger LOG = LoggerFactory.getLogger(Nd4jBackend.class);
    private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    private Nd4jBackend() {}

    /** Opens an engine in single precision that may take what the machine has. */
    public static Engine open(Device wanted) {
        return open(wanted, OptionalLong.empty());
    }

    /**
     * Opens an engine in single precision.
     *
     * @param mostBytes what it may hold outside the heap; empty: what the machine has beside the heap
     * @throws dev.tandem.config.SettingsException if {@code cuda} is wanted and no GPU serves
     */
    public static Engine open(Device wanted, OptionalLong mostBytes) {
        return open(wanted, mostBytes, UnaryOperator.identity());
    }

    /** Opens an engine that counts what time its native operations take. */
    public static Engine openTimed(Device wanted, OperationTimes times) {
        return open(wanted, OptionalLong.empty(), times::timed);
    }

    private static Engine open(Device wanted, OptionalLong mostBytes, UnaryOperator<Runnable> watched) {
        DeviceChoice choice = choose(wanted);
        LOG.info("model device: {}", choice.reason());
        prepare(choice);
        return new Nd4jEngine(DataType.FLOAT, choice.reason(), budget(choice, mostBytes), watched);
    }

    /** What a GPU has is not the machine's to give. */
    private static MemoryBudget budget(DeviceChoice choice, OptionalLong mostBytes) {
        if (mostBytes.isPresent()) {
            return new MemoryBudget(mostBytes.getAsLong());
        }
        return choice.cuda() ? new MemoryBudget(Long.MAX_VALUE) : MemoryBudget.ofMachine();
    }

    /** @throws dev.tandem.config.SettingsException if {@code cuda} is wanted and no GPU serves */
    public static void require(Device wanted) {
        choose(wanted);
    }

    private static DeviceChoice choose(Device wanted) {
        boolean cudaPresent = isCudaPresent();
        List<GpuProbe.Gpu> gpus = wanted == Device.CPU || !cudaPresent ? List.of() : GpuProbe.gpus();
        return DeviceChoice.of(wanted, cudaPresent, gpus);
    }

    /** Takes effect with the first use of ND4J, which chooses its backend once for the whole process. */
    private static void prepare(DeviceChoice choice) {
        System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        if (!choice.cuda()) {
            ND4JClassLoading.setNd4jClassloader(new CpuOnlyClassLoader(Nd4jBackend.class.getClassLoader()));
        }
    }

    private static boolean isCudaPresent() {
        try {
            Class.forName(CUDA_BACKEND, false, Nd4jBackend.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
