package dev.tandem.serving.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.train.StepLosses;
import dev.tandem.serving.dashboard.LossHistory.Cursor;
import dev.tandem.serving.dashboard.LossHistory.Update;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LossHistoryTest {
    private final LossHistory history = new LossHistory(10);

    @Test
    void all_longRun_hasFewPointsFromTheFirstToTheLast() {
        add(1, 1003);

        List<Long> steps = steps(history.all());
        assertThat(steps).hasSizeLessThanOrEqualTo(11).isSorted().endsWith(1003L);
        assertThat(steps.get(0)).isLessThanOrEqualTo(128);
    }

    @Test
    void since_lastSeenStep_hasEveryStepSince() {
        add(1, 999);
        Cursor cursor = history.since(Cursor.NOTHING).cursor();
        add(1000, 1003);

        Update update = history.since(cursor);
        assertThat(update.isComplete()).isFalse();
        assertThat(steps(update.points())).containsExactly(1000L, 1001L, 1002L, 1003L);
        assertThat(history.since(update.cursor()).points()).isEmpty();
    }

    @Test
    void since_modelWentBackAndOnBetweenTwoLooks_beginsAnew() {
        add(1, 8);
        Cursor cursor = history.since(Cursor.NOTHING).cursor();
        add(5, 12);

        Update update = history.since(cursor);
        assertThat(update.isComplete()).isTrue();
        assertThat(steps(update.points())).endsWith(12L).startsWith(2L);
    }

    @Test
    void since_earlierRunIsReadAfterTheFirstLook_beginsAnew() {
        Cursor cursor = history.since(Cursor.NOTHING).cursor();
        history.precede(
                LongStream.rangeClosed(1, 7).mapToObj(step -> point(step, 0.1)).toList());

        assertThat(steps(history.since(cursor).points())).hasSize(7);
    }

    @Test
    void add_stepTakenAgainAfterACrash_replacesWhatCameAfterIt() {
        add(1, 8);
        history.add(point(5, 0.5));

        assertThat(steps(history.all())).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(history.all().get(4).losses().l1()).isEqualTo(0.5);
        assertThat(history.since(Cursor.NOTHING).cursor().step()).isEqualTo(5);
    }

    @Test
    void precede_earlierRun_comesBeforeWhatIsThere() {
        add(6, 8);
        history.precede(
                LongStream.rangeClosed(1, 7).mapToObj(step -> point(step, 0.1)).toList());

        assertThat(steps(history.all())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(history.all().get(5).losses().l1())
                .as("what was there stays")
                .isEqualTo(1);
    }

    private void add(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(step -> history.add(point(step, 1)));
    }

    private static LossPoint point(long step, double l1) {
        return new LossPoint(step, 8 * step, new StepLosses(1, 1, l1, 1, 1, 1, 1), OptionalDouble.empty());
    }

    private static List<Long> steps(List<LossPoint> points) {
        return points.stream().map(LossPoint::step).toList();
    }
}
