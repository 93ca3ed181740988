package dev.tandem.model.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.config.SettingsException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory outside the heap that an engine holds, and limits it. It counts parameters, gradients, moments and
 * intermediate values, but not the scratch memory that native code uses during an operation.
 */
public final class MemoryBudget {
    private static final long MIB = 1L << 20;

    private final long limit;
    private final AtomicLong bytes = new AtomicLong();

    /** @param limit in bytes */
    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** The limit is the memory of the machine or container minus the maximum heap, but at least a quarter of that memory. */
    public static MemoryBudget ofMachine() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        return new MemoryBudget(Math.max(total / 4, total - Runtime.getRuntime().maxMemory()));
    }

    /**
     * Counts memory that is about to be allocated.
     *
     * @throws SettingsException if it exceeds the limit; nothing is counted then
     */
    public void reserve(long count) {
        if (bytes.addAndGet(count) > limit) {
            long required = bytes.getAndAdd(-count);
            throw new SettingsException("the model needs more than " + (required - 1) / MIB
                    + " MiB outside the heap, but run.max-off-heap limits it to " + limit / MIB
                    + " MiB; raise it, or lower model.image-size, model.width or train.batch-size");
        }
    }

    public void release(long count) {
        bytes.addAndGet(-count);
    }

    public long bytes() {
        return bytes.get();
    }
}
