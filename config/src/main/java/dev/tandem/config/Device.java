package dev.tandem.config;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device of the model: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}.
 *
 * @param index number of the GPU, as in nvidia-smi, or among those that {@code CUDA_VISIBLE_DEVICES} names; empty: the
 *     first usable one
 */
public record Device(Kind kind, OptionalInt index) {
    /** A usable GPU, otherwise the CPU. */
    public static final Device AUTO = new Device(Kind.AUTO, OptionalInt.empty());

    public static final Device CPU = new Device(Kind.CPU, OptionalInt.empty());

    /** The first usable GPU. */
    public static final Device CUDA = new Device(Kind.CUDA, OptionalInt.empty());

    private static final Pattern GPU = Pattern.compile("cuda:(\\d{1,3})", Pattern.CASE_INSENSITIVE);

    /** The kinds of devices. */
    public enum Kind {
        AUTO,
        CPU,
        CUDA
    }

    /** The GPU with a number. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, OptionalInt.of(index));
    }

    /** @throws SettingsException if the text is no device */
    static Device parse(String text) {
        for (Device device : new Device[] {AUTO, CPU, CUDA}) {
            if (device.toString().equalsIgnoreCase(text.trim())) {
                return device;
            }
        }
        Matcher gpu = GPU.matcher(text.trim());
        RangeCheck.require(
                gpu.matches(), "model.device", '"' + text + '"', "auto, cpu, cuda or cuda:N, for example cuda:0");
        return cuda(Integer.parseInt(gpu.group(1)));
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return index.isPresent() ? name + ":" + index.getAsInt() : name;
    }
}
