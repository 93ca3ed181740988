package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The lines of a run's log that report outages of the broker. */
final class OutageLog {
    private static final String BEGIN = "no Kafka broker answers";
    private static final String END = "the broker is available";

    private OutageLog() {}

    /**
     * Fails unless the log reports an outage, and the begin and the end of each outage exactly once. On a slow machine
     * one restart of the broker can be several outages.
     */
    static void assertReportsEachOutageOnce(String log) {
        List<String> reports = log.lines()
                .filter(line -> line.contains(BEGIN) || line.contains(END))
                .map(line -> line.contains(BEGIN) ? BEGIN : END)
                .toList();
        assertThat(reports).as(log).isNotEmpty();
        for (int i = 0; i < reports.size(); i++) {
            assertThat(reports.get(i)).as("report %d of %s", i, log).isEqualTo(i % 2 == 0 ? BEGIN : END);
        }
    }
}
