package dev.tandem.app.dashboard;

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

    /** @param most points of either kind, 2 or more */
    public LossHistory(int most) {
        this.most = most;
    }

    /** A step that was taken before is taken again after a crash: what came of it then is gone. */
    public synchronized void add(LossPoint point) {
        while (!recent.isEmpty() && recent.getLast().step() >= point.step()) {
            recent.removeLast();
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

    /** The last steps behind one, as far as they are kept. */
    public synchronized List<LossPoint> after(long step) {
        return recent.stream().filter(point -> point.step() > step).toList();
    }

    /** The newest step; 0 if there is none. */
    public synchronized long last() {
        return recent.isEmpty() ? 0 : recent.getLast().step();
    }
}
