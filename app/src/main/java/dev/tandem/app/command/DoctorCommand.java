package dev.tandem.app.command;

import dev.tandem.app.doctor.Doctor;
import dev.tandem.app.doctor.Finding;
import dev.tandem.app.doctor.Finding.Level;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = {
            "Look whether a run would work here: Java, memory, cores, device, disk, port, broker, topics.",
            "Takes the settings of the run that is meant. Exit code 1 if something would fail."
        },
        footer = {
            "",
            "Examples:",
            "  tandem doctor",
            "  tandem doctor --set kafka.bootstrap-servers=broker:9092 --set model.device=cuda"
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private JsonOutput output;

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(options.settings(List.of()));
        if (output.wanted()) {
            output.print(spec.commandLine().getOut(), Map.of("findings", findings));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? 1 : 0;
    }

    private void print(Finding finding) {
        PrintWriter out = spec.commandLine().getOut();
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        String colour = switch (finding.level()) {
            case OK -> "green";
            case WARN -> "yellow";
            case FAIL -> "red";
        };
        String level = ansi.string("@|" + colour + " " + finding.level() + "|@");
        out.println(level + " ".repeat(5 - finding.level().name().length()) + finding.what() + ": " + finding.found());
        if (!finding.fix().isEmpty()) {
            out.println("     " + finding.fix());
        }
        out.flush();
    }
}
