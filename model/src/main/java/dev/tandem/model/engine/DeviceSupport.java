package dev.tandem.model.engine;

/**
 * Whether an engine can use a kind of device on this machine.
 *
 * @param description name of the device if it is usable, otherwise the reason why it is not
 */
public record DeviceSupport(boolean usable, String description) {

    /** @param device name of the device */
    public static DeviceSupport usable(String device) {
        return new DeviceSupport(true, device);
    }

    /** @param reason a clause for messages, for example {@code no GPU was found} */
    public static DeviceSupport unusable(String reason) {
        return new DeviceSupport(false, reason);
    }
}
