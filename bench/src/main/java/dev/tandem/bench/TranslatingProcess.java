package dev.tandem.bench;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that opens a checkpoint, translates, follows a checkpoint and translates again; it prints its memory. */
final class TranslatingProcess {
    private static final int BATCH = 16;

    private TranslatingProcess() {}

    /** Runs the process and returns its memory after that and its maximum, in MiB; Linux only. */
    static Map<String, Object> memory(Settings settings, String engine, Path checkpoint)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(engine, checkpoint))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the process that translates with engine " + engine + " failed");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("preset", settings.model().preset().toString());
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("engine", engine);
        List<String> lines =
                output.lines().filter(line -> line.startsWith("Vm")).toList();
        for (String line : lines) {
            String key = line.startsWith("VmRSS") ? "residentMiB" : "peakMiB";
            result.put(key, Long.parseLong(line.replaceAll("\\D", "")) / 1024);
        }
        return result;
    }

    /** Has the flags of this process, which bench/inference gives it, and a smaller heap. */
    private static List<String> command(String engine, Path checkpoint) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                TranslatingProcess.class.getName(),
                engine,
                checkpoint.toString()));
        return command;
    }

    /** @param args engine and folder of the checkpoint */
    public static void main(String[] args) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(Path.of(args[1]));
        Settings settings = Contestant.onCpu(Settings.ofProvenance(checkpoint.settings()), args[0]);
        try (BicycleGan model = Models.translating(settings, Optional.of(checkpoint))) {
            translate(model, 1);
            translate(model, BATCH);
            model.follow(checkpoint);
            translate(model, BATCH);
            Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                    .forEach(System.out::println);
        }
    }

    private static void translate(BicycleGan model, int batch) {
        model.translate(
                Noise.gaussian(model.inputShape(batch), 1, "a"), Noise.gaussian(model.latentShape(batch), 1, "z"));
    }
}
