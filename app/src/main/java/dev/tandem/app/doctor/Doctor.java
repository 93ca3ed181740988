package dev.tandem.app.doctor;

import dev.tandem.config.Settings;
import dev.tandem.model.engine.Engines;
import java.util.List;
import java.util.stream.Stream;

/** Runs all checks. It changes nothing. */
public final class Doctor {
    private Doctor() {}

    /** @param settings of the run to prepare */
    public static List<Finding> examine(Settings settings) {
        return Stream.of(
                        new MachineCheck(settings).findings(),
                        hardware(),
                        new RunCheck(settings).findings(),
                        new BrokerCheck(settings).findings())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Finding> hardware() {
        return Engines.report().lines().stream()
                .map(line -> Finding.okOrWarn(line.fix().isEmpty(), line.subject(), line.found(), line.fix()))
                .toList();
    }
}
