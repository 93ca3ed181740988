package dev.tandem.model.engine;

import dev.tandem.config.Device;
import java.util.Optional;

/**
 * Whether an engine can use a device on this machine.
 *
 * @param device the device; of a GPU with its number; empty: the engine can use none
 * @param description name of the device, or the reason why none is usable
 */
public record DeviceSupport(Optional<Device> device, String description) {

    public static DeviceSupport cpu() {
        return new DeviceSupport(Optional.of(Device.CPU), "CPU");
    }

    /** @param name name of the GPU */
    public static DeviceSupport gpu(int index, String name) {
        return new DeviceSupport(Optional.of(Device.cuda(index)), "GPU " + index + ", " + name);
    }

    /** @param reason a clause for messages, for example {@code no GPU was found} */
    public static DeviceSupport unusable(String reason) {
        return new DeviceSupport(Optional.empty(), reason);
    }

    public boolean usable() {
        return device.isPresent();
    }
}
