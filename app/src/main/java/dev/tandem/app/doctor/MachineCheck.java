package dev.tandem.app.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.train.ReplayBuffer;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Checks Java, the heap, the replay buffer in it, the memory outside the heap, and the cores. */
record MachineCheck(Settings settings) {
    private static final int MIN_JAVA = 17;
    private static final int MIN_CORES = 2;
    private static final long MIB = 1L << 20;
    private static final long MIN_HEAP = 384 * MIB;
    private static final long MIN_OUTSIDE_HEAP = 1536 * MIB;

    List<Finding> findings() {
        return List.of(java(), heap(), replay(), outsideHeap(), cores());
    }

    private static Finding java() {
        String found = System.getProperty("java.vendor") + " " + System.getProperty("java.version");
        return Runtime.version().feature() >= MIN_JAVA
                ? Finding.ok("Java", found)
                : Finding.fail("Java", found, "install JDK " + MIN_JAVA + " or newer, or set JAVA_HOME to one");
    }

    private static Finding heap() {
        return Finding.okOrWarn(
                maxHeap() >= MIN_HEAP,
                "heap",
                "maximum " + maxHeap() / MIB + " MiB",
                "set TANDEM_JAVA_OPTS=-Xmx1g, or use small images");
    }

    private Finding replay() {
        int capacity = settings.train().replay().capacity();
        try {
            ReplayBuffer.requireRoom(settings, maxHeap());
            return Finding.ok("replay", capacity == 0 ? "off" : "the heap has room for " + capacity + " past pairs");
        } catch (SettingsException e) {
            return Finding.fail("replay", e.getMessage(), "lower train.replay.capacity, or raise -Xmx");
        }
    }

    private static Finding outsideHeap() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = machine.getTotalMemorySize();
        long outside = total - maxHeap();
        return Finding.okOrWarn(
                outside >= MIN_OUTSIDE_HEAP,
                "memory",
                "total " + total / MIB + " MiB, outside the heap " + outside / MIB + " MiB",
                "the model needs memory outside the heap: lower -Xmx in TANDEM_JAVA_OPTS, or lower model.width");
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return Finding.okOrWarn(
                cores >= MIN_CORES,
                "cores",
                Integer.toString(cores),
                "use " + MIN_CORES + " or more cores, so that decoding and training can run at the same time");
    }

    private static long maxHeap() {
        return Runtime.getRuntime().maxMemory();
    }
}
