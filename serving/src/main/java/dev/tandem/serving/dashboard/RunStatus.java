package dev.tandem.serving.dashboard;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.validation.Score;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.deadletter.DeadLetter;
import dev.tandem.serving.steplog.LossPoint;
import dev.tandem.serving.steplog.StepLogReader;
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

/** The current status of a run, collected from the events of the pipelines. Thread-safe. */
public final class RunStatus implements PipelineListener {
    private static final int MAX_POINTS = 2000;
    private static final int MAX_DEAD_LETTERS = 100;
    private static final long RATE_WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private final LossHistory history = new LossHistory(MAX_POINTS);
    private final RecentDeadLetters deadLetters = new RecentDeadLetters(MAX_DEAD_LETTERS);
    private final AtomicLong translations = new AtomicLong();
    private final AtomicLong pairs = new AtomicLong();
    private final AtomicLong checkpoints = new AtomicLong();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);
    private final AtomicReference<Map<String, Long>> lag = new AtomicReference<>(Map.of());
    private final AtomicBoolean earlierRunsRead = new AtomicBoolean();
    private final Deque<PairCount> rateWindow = new ArrayDeque<>();

    private record PairCount(long nanos, long pairs) {}

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
                step.step(),
                step.pairs(),
                step.report().losses(),
                step.health().diversity(),
                step.health().score().filter(score -> score.step() == step.step()).stream()
                        .mapToDouble(Score::nearestL1)
                        .findFirst()));
        pairs.set(step.pairs());
        step.checkpoint().ifPresent(written -> checkpoints.incrementAndGet());
        synchronized (rateWindow) {
            rateWindow.addLast(new PairCount(clock.getAsLong(), step.pairs()));
            removeExpired();
        }
    }

    /**
     * Handles the start of a model, also of one that is rebuilt after a failure.
     *
     * <p>If the model resumes a checkpoint, the first call reads the losses of earlier runs from the step log, on another
     * thread because the log may be long.
     *
     * @param step training step of the model's checkpoint, 0 without one
     * @param pairsTrained pairs that the model has been trained on
     */
    public void onModelStarted(long step, long pairsTrained, Path stepLog) {
        pairs.set(pairsTrained);
        if (step > 0 && earlierRunsRead.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> {
                LossHistory earlier = new LossHistory(MAX_POINTS);
                StepLogReader.read(stepLog, step, earlier::add);
                history.prepend(earlier.snapshot());
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
    public void onDeadLetter(DeadLetter deadLetter) {
        deadLetters.add(deadLetter);
    }

    @Override
    public void onBrokerState(BrokerState state) {
        if (state instanceof BrokerState.Available available) {
            Map<String, Long> byTopic = new TreeMap<>();
            available.lag().forEach((partition, records) -> byTopic.merge(partition.topic(), records, Long::sum));
            lag.set(Map.copyOf(byTopic));
        }
    }

    public LossHistory history() {
        return history;
    }

    public RecentDeadLetters deadLetters() {
        return deadLetters;
    }

    /** Committed translations of Kafka requests since the start of the process. */
    public long translations() {
        return translations.get();
    }

    /** Pairs that the model has been trained on, including those before a resume. */
    public long pairs() {
        return pairs.get();
    }

    /** Checkpoints written since the start of the process. */
    public long checkpoints() {
        return checkpoints.get();
    }

    /** Lag by topic, in records, at the last successful check of the broker. */
    public Map<String, Long> lag() {
        return lag.get();
    }

    public Set<Alarm> alarms() {
        return health.get().alarms();
    }

    /** Training rate over the last minute. */
    public double pairsPerSecond() {
        synchronized (rateWindow) {
            removeExpired();
            if (rateWindow.size() < 2) {
                return 0;
            }
            long nanos = clock.getAsLong() - rateWindow.getFirst().nanos();
            long trained = rateWindow.getLast().pairs() - rateWindow.getFirst().pairs();
            // A model that is rebuilt from a checkpoint has fewer pairs than before.
            return Math.max(0, (double) trained * TimeUnit.SECONDS.toNanos(1) / nanos);
        }
    }

    private void removeExpired() {
        while (!rateWindow.isEmpty()
                && clock.getAsLong() - rateWindow.getFirst().nanos() > RATE_WINDOW_NANOS) {
            rateWindow.removeFirst();
        }
    }
}
