package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UtilizationTest {
    private final AtomicLong clock = new AtomicLong(5);
    private final Utilization utilization = new Utilization(clock::get);

    @Test
    void idle_busyForHalfTheTime_isOneHalf() {
        work(10);
        advance(10);

        assertThat(utilization.idle()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void idle_duringWork_countsTheWorkSoFar() {
        advance(10);

        double idle = utilization.measure(() -> {
            advance(30);
            return utilization.idle();
        });

        assertThat(idle).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void idle_workLongAgo_doesNotCount() {
        work(40);
        advance(40);
        work(0);
        advance(40);
        work(0);
        advance(1);

        assertThat(utilization.idle()).isEqualTo(1);
    }

    @Test
    void idleSince_earlierReading_isTheIdleShareSinceThen() {
        advance(100);
        Utilization.Reading before = utilization.read();
        work(3);
        advance(1);

        assertThat(utilization.read().idleSince(before)).isCloseTo(0.25, within(1e-9));
    }

    private void work(int seconds) {
        utilization.measure(() -> {
            advance(seconds);
            return seconds;
        });
    }

    private void advance(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
