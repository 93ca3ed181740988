package dev.tandem.model.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists the GPUs of the NVIDIA driver, without loading CUDA. */
public final class GpuProbe {
    private static final long TIMEOUT_SECONDS = 10;
    private static final List<String> QUERY =
            List.of("nvidia-smi", "--query-gpu=index,uuid,driver_version,compute_cap,name", "--format=csv,noheader");
    private static final Pattern LINE = Pattern.compile("(\\d{1,3}), ([^,]*), (\\d{1,6})[^,]*, ([^,]*), (.*)");
    private static final Pattern CAPABILITY = Pattern.compile("\\d{1,2}\\.\\d{1,2}");
    /** Variable by which CUDA programs see only some GPUs. */
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

    private GpuProbe() {}

    /**
     * One GPU.
     *
     * @param index number of the GPU for CUDA: in the order of the PCI bus, or in that of {@code CUDA_VISIBLE_DEVICES}
     * @param driver major version of the NVIDIA driver, for instance 580
     * @param computeCapability for instance 8.6; 0: unknown
     */
    public record Gpu(int index, String name, double computeCapability, int driver) {
        Gpu withIndex(int other) {
            return new Gpu(other, name, computeCapability, driver);
        }

        @Override
        public String toString() {
            return name + " (compute capability " + computeCapability + ")";
        }
    }

    /**
     * What a library needs of a GPU.
     *
     * @param library name of the library in messages
     * @param minDriver major version of the oldest NVIDIA driver
     */
    public record Requirement(String library, double minCapability, double maxCapability, int minDriver) {

        /**
         * Chooses the requested GPU, or the first one that fits.
         *
         * @param index number of the requested GPU; empty: any
         */
        public DeviceSupport choose(List<Gpu> gpus, OptionalInt index) {
            List<Gpu> candidates = gpus.stream()
                    .filter(gpu -> index.isEmpty() || index.getAsInt() == gpu.index())
                    .toList();
            if (gpus.isEmpty()) {
                return DeviceSupport.unusable("no GPU was found: " + absence());
            }
            if (candidates.isEmpty()) {
                return DeviceSupport.unusable("there is no GPU " + index.getAsInt() + ": found " + describe(gpus));
            }
            return candidates.stream()
                    .filter(this::fits)
                    .findFirst()
                    .map(gpu -> DeviceSupport.gpu(gpu.index(), gpu.toString()))
                    .orElseGet(() -> DeviceSupport.unusable(obstacle(candidates)));
        }

        private boolean fits(Gpu gpu) {
            return hasCode(gpu) && gpu.driver() >= minDriver;
        }

        private boolean hasCode(Gpu gpu) {
            return gpu.computeCapability() >= minCapability && gpu.computeCapability() <= maxCapability;
        }

        private String obstacle(List<Gpu> gpus) {
            return gpus.stream().anyMatch(this::hasCode)
                    ? "the NVIDIA driver " + gpus.get(0).driver() + " is too old for " + library + " (update it to "
                            + minDriver + " or newer)"
                    : "no GPU is usable: found " + describe(gpus) + ", and " + library + " supports compute capability "
                            + minCapability + " to " + maxCapability;
        }

        private static String describe(List<Gpu> gpus) {
            return String.join(
                    ", ", gpus.stream().map(gpu -> gpu.index() + ": " + gpu).toList());
        }
    }

    /** One GPU, and its identifier for {@code CUDA_VISIBLE_DEVICES}. */
    record Identified(String uuid, Gpu gpu) {}

    /** Asks the driver once per process. */
    private static final class Once {
        private static final List<Gpu> GPUS = ask();
    }

    /** The GPUs that CUDA programs see when the process starts; none if there is no driver or it does not answer. */
    public static List<Gpu> gpus() {
        return Once.GPUS;
    }

    /** Why there is no GPU. */
    static String absence() {
        return absence(Optional.ofNullable(System.getenv(VISIBLE)));
    }

    static String absence(Optional<String> visible) {
        String noDriver = "no NVIDIA driver answers (nvidia-smi)";
        return visible.map(value -> noDriver + ", or " + VISIBLE + "=" + value + " names no whole GPU")
                .orElse(noDriver);
    }

    private static List<Gpu> ask() {
        try {
            Process process = new ProcessBuilder(QUERY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // The output fits into the buffer of the pipe, so the process ends before its output is read.
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? visible(parse(output), Optional.ofNullable(System.getenv(VISIBLE)))
                    : List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /**
     * Selects and numbers GPUs as CUDA does: in the order of {@code CUDA_VISIBLE_DEVICES}, up to its first entry that names
     * no GPU.
     *
     * @param visible numbers or beginnings of identifiers, separated by commas; empty: all GPUs
     */
    static List<Gpu> visible(List<Identified> gpus, Optional<String> visible) {
        if (visible.isEmpty()) {
            return gpus.stream().map(Identified::gpu).toList();
        }
        List<Gpu> selected = new ArrayList<>();
        for (String entry : visible.get().split(",")) {
            Optional<Gpu> named = gpus.stream()
                    .filter(gpu -> isNamed(gpu, entry.trim()))
                    .map(Identified::gpu)
                    .findFirst();
            if (named.isEmpty()) {
                break;
            }
            selected.add(named.get().withIndex(selected.size()));
        }
        return selected;
    }

    private static boolean isNamed(Identified gpu, String entry) {
        return entry.equals(Integer.toString(gpu.gpu().index()))
                || entry.startsWith("GPU-") && gpu.uuid().startsWith(entry);
    }

    /** Parses lines such as {@code 0, GPU-5d1c, 580.65.06, 9.0, NVIDIA H100}. A capability that is not a number becomes 0. */
    static List<Identified> parse(String output) {
        return Arrays.stream(output.split("\\R"))
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Identified(
                        line.group(2),
                        new Gpu(
                                Integer.parseInt(line.group(1)),
                                line.group(5).trim(),
                                CAPABILITY.matcher(line.group(4)).matches() ? Double.parseDouble(line.group(4)) : 0,
                                Integer.parseInt(line.group(3)))))
                .toList();
    }
}
