package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UtilizationTest {
    private final AtomicLong clock = new AtomicLong(5);
    private final Utilization occupancy = new Utilization(clock::get);

    @Test
    void idle_halfOfTheTimeWorked_isAHalf() {
        work(10);
        pass(10);

        assertThat(occupancy.idle()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void idle_inTheMiddleOfWork_countsWhatHasBeenWorked() {
        pass(10);

        double idle = occupancy.during(() -> {
            pass(30);
            return occupancy.idle();
        });

        assertThat(idle).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void idle_workLongAgo_isForgotten() {
        work(40);
        pass(40);
        work(0);
        pass(40);
        work(0);
        pass(1);

        assertThat(occupancy.idle()).isEqualTo(1);
    }

    @Test
    void idleSince_anEarlierReading_isOfTheTimeBetween() {
        pass(100);
        Utilization.Reading before = occupancy.read();
        work(3);
        pass(1);

        assertThat(occupancy.read().idleSince(before)).isCloseTo(0.25, within(1e-9));
    }

    private void work(int seconds) {
        occupancy.during(() -> {
            pass(seconds);
            return seconds;
        });
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
