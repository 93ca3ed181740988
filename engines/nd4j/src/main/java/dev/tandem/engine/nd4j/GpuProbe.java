package dev.tandem.engine.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lists the GPUs of the NVIDIA driver, without loading CUDA. */
final class GpuProbe {
    private static final long TIMEOUT_SECONDS = 10;
    private static final List<String> QUERY =
            List.of("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader");

    private GpuProbe() {}

    /** One GPU: its name and its compute capability, for instance 8.6. */
    record Gpu(String name, double computeCapability) {
        @Override
        public String toString() {
            return name + " (compute capability " + computeCapability + ")";
        }
    }

    /** The GPUs of this machine; none if there is no driver or it does not answer. */
    static List<Gpu> gpus() {
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
            return process.exitValue() == 0 ? parse(output) : List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Parses lines such as {@code NVIDIA GeForce RTX 3090, 8.6}. A capability that is not a number becomes 0. */
    static List<Gpu> parse(String output) {
        List<Gpu> gpus = new ArrayList<>();
        output.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int comma = line.lastIndexOf(',');
            String capability = line.substring(comma + 1).trim();
            gpus.add(new Gpu(
                    comma < 0 ? line.trim() : line.substring(0, comma).trim(),
                    capability.matches("\\d+\\.\\d+") ? Double.parseDouble(capability) : 0));
        });
        return gpus;
    }
}
