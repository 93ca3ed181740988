package dev.tandem.model.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory outside the heap that an engine holds, and limits it. It counts parameters, gradients, moments and
 * intermediate values, but not the scratch memory that native code uses during an operation.
 */
public final class MemoryBudget {
    private static final long MIB = 1L << 20;

    private final String place;
    private final String setting;
    private final OptionalLong limit;
    private final AtomicLong bytes = new AtomicLong();

    private MemoryBudget(String place, String setting, OptionalLong limit) {
        this.place = place;
        this.setting = setting;
        this.limit = limit;
    }

    /** The budget of an engine on a device. Without a limit for the device, that of the hardware applies. */
    public static MemoryBudget of(Device device, MemoryLimits limits) {
        if (device.kind() == Device.Kind.CUDA) {
            return new MemoryBudget("on the GPU", MemoryLimits.DEVICE, limits.device());
        }
        long limit = limits.offHeap().orElseGet(MemoryBudget::besideTheHeap);
        return new MemoryBudget("outside the heap", MemoryLimits.OFF_HEAP, OptionalLong.of(limit));
    }

    /** The memory of the machine or container minus the maximum heap, but at least a quarter of that memory. */
    private static long besideTheHeap() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        return Math.max(total / 4, total - Runtime.getRuntime().maxMemory());
    }

    /**
     * Counts memory that is about to be allocated.
     *
     * @throws DeviceMemoryException if it exceeds the limit; nothing is counted then
     */
    public void reserve(long count) {
        long max = limit.orElse(Long.MAX_VALUE);
        if (bytes.addAndGet(count) > max) {
            long required = bytes.getAndAdd(-count);
            throw new DeviceMemoryException(
                    "the model needs more than " + (required - 1) / MIB + " MiB " + place + ", but " + setting
                            + " limits it to " + max / MIB + " MiB",
                    "raise it");
        }
    }

    public void release(long count) {
        bytes.addAndGet(-count);
    }

    /** Releases everything that is counted. */
    public void releaseAll() {
        bytes.set(0);
    }

    /** The memory that is counted. Engines that count their memory reserve none in addition. */
    public DeviceMemory memory() {
        long used = bytes.get();
        return new DeviceMemory(used, used, limit);
    }
}
