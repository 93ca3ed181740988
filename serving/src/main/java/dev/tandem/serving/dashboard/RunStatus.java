package dev.tandem.serving.dashboard;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** How a run goes, as of now; told by the streams, asked by whoever looks. */
public final class RunStatus implements PipelineListener {
    private static final int POINTS = 2000;
    private static final int LETTERS = 100;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private final LossHistory history = new LossHistory(POINTS);
    private final RecentDeadLetters deadLetters = new RecentDeadLetters(LETTERS);
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong pairs = new AtomicLong();
    private final AtomicLong checkpoints = new AtomicLong();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);
    private final AtomicReference<Map<String, Long>> lag = new AtomicReference<>(Map.of());
    private final AtomicBoolean read = new AtomicBoolean();
    private final Deque<Moment> window = new ArrayDeque<>();

    private record Moment(long nanos, long pairs) {}

    public RunStatus() {
        this(System::nanoTime);
    }

    RunStatus(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void onTrained(Trained step) {
        health.set(step.health());
        history.add(new LossPoint(
                step.step(), step.pairs(), step.report().losses(), step.health().diversity()));
        pairs.set(step.pairs());
        step.checkpoint().ifPresent(written -> checkpoints.incrementAndGet());
        synchronized (window) {
            window.addLast(new Moment(clock.getAsLong(), step.pairs()));
            forget();
        }
    }

    /**
     * A model begins, or begins again, where its checkpoint is. The losses before that are read from the step log, the
     * first time, which may take a moment.
     */
    public void begins(long step, long pairsSeen, Path stepLog) {
        pairs.set(pairsSeen);
        if (step > 0 && read.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> {
                LossHistory before = new LossHistory(POINTS);
                StepLogReader.read(stepLog, step, before::add);
                history.precede(before.all());
            });
        }
    }

    @Override
    public void onDiverged(Diverged batch) {
        health.set(batch.health());
    }

    @Override
    public void onTranslated(int count) {
        translations.addAndGet(count);
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        deadLetters.add(letter);
    }

    @Override
    public void onBrokerState(BrokerState state) {
        if (state instanceof BrokerState.Available present) {
            Map<String, Long> byTopic = new TreeMap<>();
            present.lag().forEach((partition, records) -> byTopic.merge(partition.topic(), records, Long::sum));
            lag.set(Map.copyOf(byTopic));
        }
    }

    public LossHistory history() {
        return history;
    }

    public RecentDeadLetters deadLetters() {
        return deadLetters;
    }

    /** Translations emitted since the start. */
    public long translations() {
        return translations.get();
    }

    /** Pairs the model has seen. */
    public long pairs() {
        return pairs.get();
    }

    /** Checkpoints written since the start. */
    public long checkpoints() {
        return checkpoints.get();
    }

    /** Records that wait, by topic. */
    public Map<String, Long> lag() {
        return lag.get();
    }

    public Set<Alarm> alarms() {
        return health.get().alarms();
    }

    /** Pairs learnt from in a second, of about the last minute. */
    public double pairsPerSecond() {
        synchronized (window) {
            forget();
            if (window.size() < 2) {
                return 0;
            }
            long nanos = clock.getAsLong() - window.getFirst().nanos();
            long learnt = window.getLast().pairs() - window.getFirst().pairs();
            return Math.max(0, (double) learnt * TimeUnit.SECONDS.toNanos(1) / nanos);
        }
    }

    private void forget() {
        while (!window.isEmpty() && clock.getAsLong() - window.getFirst().nanos() > WINDOW) {
            window.removeFirst();
        }
    }
}
