package dev.tandem.serving.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.train.StepLosses;
import dev.tandem.serving.dashboard.LossHistory.Cursor;
import dev.tandem.serving.dashboard.LossHistory.Update;
import dev.tandem.serving.steplog.LossPoint;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LossHistoryTest {
    private final LossHistory history = new LossHistory(10);

    @Test
    void snapshot_longRun_isDownsampledAndEndsWithTheLastStep() {
        add(1, 1003);

        List<Long> steps = steps(history.snapshot());
        assertThat(steps).hasSizeLessThanOrEqualTo(11).isSorted().endsWith(1003L);
        assertThat(steps.get(0)).isLessThanOrEqualTo(128);
    }

    @Test
    void since_currentCursor_returnsEveryLaterStep() {
        add(1, 999);
        Cursor cursor = history.since(Cursor.START).cursor();
        add(1000, 1003);

        Update update = history.since(cursor);
        assertThat(update.isSnapshot()).isFalse();
        assertThat(steps(update.points())).containsExactly(1000L, 1001L, 1002L, 1003L);
        assertThat(history.since(update.cursor()).points()).isEmpty();
    }

    @Test
    void since_stepsRepeatedAfterCrash_returnsSnapshot() {
        add(1, 8);
        Cursor cursor = history.since(Cursor.START).cursor();
        add(5, 12);

        Update update = history.since(cursor);
        assertThat(update.isSnapshot()).isTrue();
        assertThat(steps(update.points())).endsWith(12L).startsWith(2L);
    }

    @Test
    void since_earlierRunPrepended_returnsSnapshot() {
        Cursor cursor = history.since(Cursor.START).cursor();
        history.prepend(
                LongStream.rangeClosed(1, 7).mapToObj(step -> point(step, 0.1)).toList());

        assertThat(steps(history.since(cursor).points())).hasSize(7);
    }

    @Test
    void add_stepRepeatedAfterCrash_removesLaterSteps() {
        add(1, 8);
        history.add(point(5, 0.5));

        assertThat(steps(history.snapshot())).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(history.snapshot().get(4).losses().l1()).isEqualTo(0.5);
        assertThat(history.since(Cursor.START).cursor().step()).isEqualTo(5);
    }

    @Test
    void prepend_earlierRun_insertsOlderStepsOnly() {
        add(6, 8);
        history.prepend(
                LongStream.rangeClosed(1, 7).mapToObj(step -> point(step, 0.1)).toList());

        assertThat(steps(history.snapshot())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(history.snapshot().get(5).losses().l1())
                .as("the step that was present is unchanged")
                .isEqualTo(1);
    }

    private void add(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(step -> history.add(point(step, 1)));
    }

    private static LossPoint point(long step, double l1) {
        return new LossPoint(
                step, 8 * step, new StepLosses(1, 1, l1, 1, 1, 1, 1), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static List<Long> steps(List<LossPoint> points) {
        return points.stream().map(LossPoint::step).toList();
    }
}
