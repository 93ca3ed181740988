package dev.tandem.engine.nd4j;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.config.SettingsException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap that an engine holds, and how much it may. All that is of size is counted: parameters,
 * gradients, moments, intermediates; not what native code takes for the time of an operation.
 */
final class MemoryBudget {
    private static final long MIB = 1L << 20;

    private final long limit;
    private final AtomicLong bytes = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** All that the machine or container has beside the heap, and a quarter of it in any case. */
    static MemoryBudget ofMachine() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        return new MemoryBudget(Math.max(total / 4, total - Runtime.getRuntime().maxMemory()));
    }

    /** @throws SettingsException if that is more than there may be */
    void reserve(long more) {
        if (bytes.addAndGet(more) > limit) {
            long wanted = bytes.getAndAdd(-more);
            throw new SettingsException("the model needs more than " + (wanted - 1) / MIB
                    + " MiB outside the heap, but run.max-off-heap limits it to " + limit / MIB
                    + " MiB; raise it, or lower model.image-size, model.width or train.batch-size");
        }
    }

    void release(long less) {
        bytes.addAndGet(-less);
    }

    long bytes() {
        return bytes.get();
    }
}
