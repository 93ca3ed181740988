package dev.tandem.serving.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The losses of a run in at most so many points, however long it is: of all steps every second, fourth, eighth ... as the
 * run grows, and of the last ones each.
 */
public final class LossHistory {
    private final int most;
    private final List<LossPoint> sparse = new ArrayList<>();
    private final Deque<LossPoint> recent = new ArrayDeque<>();
    private long stride = 1;
    private long generation;

    /**
     * What somebody who has cursor a part of it has not cursor.
     *
     * @param isComplete whether all that was cursor is void, and {@code points} is the whole run, thinned out; else they are the
     *     steps since
     */
    public record Update(Cursor cursor, boolean isComplete, List<LossPoint> points) {}

    /**
     * How much of it somebody has cursor.
     *
     * @param generation grows when what was told before is no longer so
     */
    public record Cursor(long generation, long step) {
        public static final Cursor NOTHING = new Cursor(-1, 0);
    }

    /** @param most points of either kind, 2 or more */
    public LossHistory(int most) {
        this.most = most;
    }

    /** A step that was taken before is taken again after a crash: what came of it then is gone. */
    public synchronized void add(LossPoint point) {
        while (!recent.isEmpty() && recent.getLast().step() >= point.step()) {
            recent.removeLast();
            generation++;
        }
        sparse.removeIf(old -> old.step() >= point.step());
        recent.addLast(point);
        if (recent.size() > most) {
            recent.removeFirst();
        }
        if (point.step() % stride == 0) {
            sparse.add(point);
        }
        thinOut();
    }

    /** Puts what was before in front, as far as it is older than what is there. */
    public synchronized void precede(List<LossPoint> older) {
        long first = sparse.isEmpty() ? Long.MAX_VALUE : sparse.get(0).step();
        List<LossPoint> before =
                older.stream().filter(point -> point.step() < first).toList();
        sparse.addAll(0, before);
        generation++;
        thinOut();
        if (recent.isEmpty() && !before.isEmpty()) {
            recent.addLast(before.get(before.size() - 1));
        }
    }

    private void thinOut() {
        while (sparse.size() > most) {
            stride *= 2;
            sparse.removeIf(old -> old.step() % stride != 0);
        }
    }

    /** The whole run, thinned out. */
    public synchronized List<LossPoint> all() {
        List<LossPoint> all = new ArrayList<>(sparse);
        if (!recent.isEmpty()
                && (all.isEmpty()
                        || all.get(all.size() - 1).step() < recent.getLast().step())) {
            all.add(recent.getLast());
        }
        return all;
    }

    /** In one look, so that no step is told twice or never. */
    public synchronized Update since(Cursor cursor) {
        boolean isComplete = cursor.generation() != generation;
        List<LossPoint> points = isComplete
                ? all()
                : recent.stream().filter(point -> point.step() > cursor.step()).toList();
        long last = recent.isEmpty() ? 0 : recent.getLast().step();
        return new Update(new Cursor(generation, last), isComplete, points);
    }
}
