package dev.tandem.serving.dashboard;

import dev.tandem.serving.steplog.LossPoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The losses of a run in bounded memory: a downsampled curve of the whole run, and each of the most recent steps.
 *
 * <p>The curve keeps every {@code stride}-th step. The stride doubles whenever the curve has too many points. Thread-safe.
 */
public final class LossHistory {
    private final int maxPoints;
    private final List<LossPoint> curve = new ArrayList<>();
    private final Deque<LossPoint> recent = new ArrayDeque<>();
    private long stride = 1;
    private long generation;

    /**
     * Losses that are new for the holder of a cursor.
     *
     * @param cursor the cursor for the next call of {@link #since}
     * @param isSnapshot true: {@code points} is the downsampled curve of the whole run and replaces all earlier points.
     *     False: {@code points} are the steps since the cursor
     */
    public record Update(Cursor cursor, boolean isSnapshot, List<LossPoint> points) {}

    /**
     * The position up to which a reader has received the losses.
     *
     * @param generation generation of the history; a new one makes all points that were sent before invalid
     * @param step the last step that the reader has received
     */
    public record Cursor(long generation, long step) {
        /** The cursor of a reader that has received nothing. */
        public static final Cursor START = new Cursor(-1, 0);
    }

    /** @param maxPoints maximum number of points of the curve, and of recent steps; 2 or more */
    public LossHistory(int maxPoints) {
        this.maxPoints = maxPoints;
    }

    /** Adds a step. A step that is repeated after a crash replaces the earlier one and removes all steps after it. */
    public synchronized void add(LossPoint point) {
        while (!recent.isEmpty() && recent.getLast().step() >= point.step()) {
            recent.removeLast();
            generation++;
        }
        curve.removeIf(old -> old.step() >= point.step());
        recent.addLast(point);
        if (recent.size() > maxPoints) {
            recent.removeFirst();
        }
        if (point.step() % stride == 0) {
            curve.add(point);
        }
        downsample();
    }

    /** Inserts the steps of earlier runs before the present ones. Steps that are not older are ignored. */
    public synchronized void prepend(List<LossPoint> earlier) {
        long first = curve.isEmpty() ? Long.MAX_VALUE : curve.get(0).step();
        List<LossPoint> older =
                earlier.stream().filter(point -> point.step() < first).toList();
        curve.addAll(0, older);
        generation++;
        downsample();
        if (recent.isEmpty() && !older.isEmpty()) {
            recent.addLast(older.get(older.size() - 1));
        }
    }

    private void downsample() {
        while (curve.size() > maxPoints) {
            stride *= 2;
            curve.removeIf(old -> old.step() % stride != 0);
        }
    }

    /** The downsampled curve of the whole run, including the last step. */
    public synchronized List<LossPoint> snapshot() {
        List<LossPoint> points = new ArrayList<>(curve);
        if (!recent.isEmpty()
                && (points.isEmpty()
                        || points.get(points.size() - 1).step()
                                < recent.getLast().step())) {
            points.add(recent.getLast());
        }
        return points;
    }

    /** The losses since a cursor, with the next cursor. Both are read atomically, so no step is sent twice or lost. */
    public synchronized Update since(Cursor cursor) {
        boolean isSnapshot = cursor.generation() != generation;
        List<LossPoint> points = isSnapshot
                ? snapshot()
                : recent.stream().filter(point -> point.step() > cursor.step()).toList();
        long lastStep = recent.isEmpty() ? 0 : recent.getLast().step();
        return new Update(new Cursor(generation, lastStep), isSnapshot, points);
    }
}
