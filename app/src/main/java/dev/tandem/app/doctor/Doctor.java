package dev.tandem.app.doctor;

import dev.tandem.config.Settings;
import java.util.List;
import java.util.stream.Stream;

/** Runs all checks. It changes nothing. */
public final class Doctor {
    private Doctor() {}

    /** @param settings of the run to prepare */
    public static List<Finding> examine(Settings settings) {
        return Stream.of(
                        new MachineCheck(settings).findings(),
                        new RunCheck(settings).findings(),
                        new BrokerCheck(settings).findings())
                .flatMap(List::stream)
                .toList();
    }
}
