package dev.tandem.app.doctor;

import dev.tandem.config.Settings;
import java.util.List;
import java.util.stream.Stream;

/** Looks at everything a run needs, and changes nothing. */
public final class Doctor {
    private Doctor() {}

    public static List<Finding> examine(Settings settings) {
        return Stream.of(new MachineCheck(settings).findings(), new BrokerCheck(settings).findings())
                .flatMap(List::stream)
                .toList();
    }
}
