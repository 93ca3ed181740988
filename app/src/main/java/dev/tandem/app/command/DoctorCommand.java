package dev.tandem.app.command;

import dev.tandem.app.doctor.Doctor;
import dev.tandem.app.doctor.Finding;
import dev.tandem.app.doctor.Finding.Level;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.Engines;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "doctor",
        description = {
            "Check whether a run with the given settings would work on this machine.",
            "It checks Java, memory, cores, GPUs, engines, device, model, checkpoint folder, disk, port, broker and topics, and says how"
                    + " to fix each problem. The exit code is 1 if a check fails."
        },
        footer = {
            "",
            "Examples:",
            "  tandem doctor",
            "  tandem doctor --set kafka.bootstrap-servers=broker:9092 \\",
            "    --set model.device=cuda"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int LEVEL_WIDTH = 5;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(settings());
        if (output.isJson()) {
            output.printResult(Map.of("findings", findings, "hardware", Engines.report()));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? 1 : 0;
    }

    /** The settings of the run. If the checkpoint folder cannot be read, a finding says so. */
    private Settings settings() {
        try {
            return SettingsLoader.settings(options.configOfRun());
        } catch (CheckpointException e) {
            return options.settings();
        }
    }

    private void print(Finding finding) {
        String level = finding.level().name();
        String padding = " ".repeat(LEVEL_WIDTH - level.length());
        output.printLine(
                output.styled(colour(finding.level()), level) + padding + finding.subject() + ": " + finding.found());
        if (!finding.fix().isEmpty()) {
            output.printLine(" ".repeat(LEVEL_WIDTH) + finding.fix());
        }
    }

    private static String colour(Level level) {
        return switch (level) {
            case OK -> "green";
            case WARN -> "yellow";
            case FAIL -> "red";
        };
    }
}
