package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether and how an engine can use a device on this machine.
 *
 * @param device the device; of a GPU with its number; empty: the engine can use none
 * @param description name of the device, or the reason why none is usable
 * @param precisions in which precisions the engine computes on the device
 */
public record DeviceSupport(Optional<Device> device, String description, Set<Precision> precisions) {

    public DeviceSupport {
        precisions = Set.copyOf(precisions);
    }

    public static DeviceSupport cpu() {
        return new DeviceSupport(Optional.of(Device.CPU), "CPU", withFp32());
    }

    /** @param name name of the GPU */
    public static DeviceSupport gpu(int index, String name) {
        return new DeviceSupport(Optional.of(Device.cuda(index)), "GPU " + index + ", " + name, withFp32());
    }

    /** @param reason a clause for messages, for example {@code no GPU was found} */
    public static DeviceSupport unusable(String reason) {
        return new DeviceSupport(Optional.empty(), reason, Set.of());
    }

    /** The same device with precisions other than fp32. */
    public DeviceSupport with(Precision... lower) {
        return new DeviceSupport(device, description, withFp32(lower));
    }

    private static Set<Precision> withFp32(Precision... lower) {
        return EnumSet.of(Precision.FP32, lower);
    }

    public boolean usable() {
        return device.isPresent();
    }

    /**
     * Why the engine cannot compute on the device in a precision.
     *
     * @param engine name of the engine
     * @return a clause for messages; empty: it can
     */
    Optional<String> obstacle(String engine, Precision precision) {
        if (!usable()) {
            return Optional.of(description);
        }
        if (!precisions.contains(precision)) {
            String possible =
                    precisions.stream().sorted().map(Precision::toString).collect(Collectors.joining(" and "));
            return Optional.of("engine " + engine + " computes in " + possible + " on " + description
                    + ", not in model.precision=" + precision);
        }
        return Optional.empty();
    }
}
