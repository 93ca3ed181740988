package dev.tandem.serving.metrics;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.Utilization;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.broker.BrokerState;
import dev.tandem.pipeline.deadletter.DeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** What a run does, for Prometheus. */
public final class Metrics implements PipelineListener {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);
    private final Map<String, AtomicReference<Double>> figures = new ConcurrentHashMap<>();
    /** From the start, so that a rate has a first value to count from. */
    private final Map<Alarm, Counter> raised = new EnumMap<>(Alarm.class);

    private final Map<InvalidInput.Reason, Counter> deadLetters = new EnumMap<>(InvalidInput.Reason.class);
    private final Counter steps = counter("tandem.training.steps", "Optimizer steps taken");
    private final Counter notTaken =
            counter("tandem.training.steps.not.taken", "Steps not taken because a loss or gradient was not finite");
    private final AtomicReference<LongSupplier> offHeap = new AtomicReference<>(() -> 0);
    private final AtomicInteger up = new AtomicInteger();
    private final Counter translations = counter("tandem.translations", "Translations emitted");
    private final Timer stepTime = timer("tandem.training.step", "Time of a training step");
    private final Timer checkpointTime = timer("tandem.checkpoint.write", "Time of writing a checkpoint");
    private final Timer requestTime =
            timer("tandem.translation", "Time from reading a request to its committed answer");
    private final Timer httpTime = timer("tandem.http.translation", "Time of a translation asked for over HTTP");
    private final Counter httpRefused =
            counter("tandem.http.refused", "Translations over HTTP that there was no place for, or too large");
    private final AtomicLong ready = new AtomicLong();
    private final Utilization occupancy;

    public Metrics(Utilization occupancy) {
        this.occupancy = occupancy;
        for (Alarm alarm : Alarm.values()) {
            Gauge.builder("tandem.training.alarm", () -> health.get().alarms().contains(alarm) ? 1 : 0)
                    .description("Whether an alarm is on")
                    .tag("alarm", lower(alarm))
                    .register(registry);
            raised.put(alarm, counter("tandem.training.alarms", "Alarms raised", "alarm", lower(alarm)));
        }
        for (InvalidInput.Reason reason : InvalidInput.Reason.values()) {
            deadLetters.put(
                    reason, counter("tandem.dead.letters", "Records that could not be used", "reason", lower(reason)));
        }
        new JvmMemoryMetrics().bindTo(registry);
        Gauge.builder("tandem.model.off.heap", () -> offHeap.get().getAsLong())
                .description("Memory outside the heap that the model holds")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("tandem.training.queue", ready::get)
                .description("Pairs that are decoded and not learnt from yet")
                .baseUnit("pairs")
                .register(registry);
        Gauge.builder("tandem.model.idle", occupancy::idle)
                .description("Share of about the last minute in which the model had nothing to do")
                .register(registry);
        Gauge.builder("tandem.broker.up", up::get)
                .description("Whether the broker answers and the topics are there")
                .register(registry);
        Gauge.builder(
                        "tandem.training.diversity",
                        () -> health.get().diversity().orElse(Double.NaN))
                .description("Mean absolute difference of two translations of one picture")
                .register(registry);
    }

    /** Of the model that is open now. */
    public void watchOffHeap(LongSupplier bytes) {
        offHeap.set(bytes);
    }

    /** In Prometheus's text format. */
    public String text() {
        return registry.scrape();
    }

    /** Pairs that are decoded and not learnt from yet. */
    public long queue() {
        return ready.get();
    }

    /** Share of about the last minute in which the model had nothing to do, 0 to 1. */
    public double idle() {
        return occupancy.idle();
    }

    /** Memory outside the heap that the model holds. */
    public long offHeapBytes() {
        return offHeap.get().getAsLong();
    }

    /** A translation asked for over HTTP was answered, with pictures or with a problem. */
    public void httpAnswered(Duration took) {
        httpTime.record(took);
    }

    /** One was refused before it was read. */
    public void httpRefused() {
        httpRefused.increment();
    }

    /** The streams begin anew: what was decoded for those before is gone. */
    public void streamsBegin() {
        ready.set(0);
    }

    @Override
    public void onPairDecoded(TensorPair pair) {
        ready.incrementAndGet();
    }

    @Override
    public void onPairsProcessed(int pairs) {
        ready.addAndGet(-pairs);
    }

    @Override
    public void onRequestCompleted(Duration took) {
        requestTime.record(took);
    }

    @Override
    public void onTrained(Trained step) {
        update(step.health());
        stepTime.record(step.duration());
        step.checkpoint().ifPresent(written -> checkpointTime.record(written.duration()));
        set("tandem.training.pairs", "Pairs the model has seen", step.pairs());
        set("tandem.training.past.pairs", "Pairs that are kept to be learnt from again", step.pastPairs());
        set("tandem.training.learning.rate", "Step size of Adam", step.report().learningRate());
        StepLosses losses = step.report().losses();
        loss("gan", losses, StepLosses::gan);
        loss("gan_lr", losses, StepLosses::ganLr);
        loss("l1", losses, StepLosses::l1);
        loss("kl", losses, StepLosses::kl);
        loss("latent", losses, StepLosses::latent);
        loss("d_vae", losses, StepLosses::dVae);
        loss("d_lr", losses, StepLosses::dLr);
        for (int i = 0; i < step.report().klPerDimension().size(); i++) {
            double kl = step.report().klPerDimension().get(i);
            set("tandem.training.kl", "KL of one latent dimension", kl, "dimension", Integer.toString(i));
        }
        step.report()
                .gradientNorms()
                .forEach((member, norm) ->
                        set("tandem.training.gradient.norm", "Length of a gradient", norm, "network", member.key()));
        steps.increment();
    }

    private void loss(String term, StepLosses losses, ToDoubleFunction<StepLosses> value) {
        set("tandem.training.loss", "Loss of the last step", value.applyAsDouble(losses), "term", term);
    }

    @Override
    public void onDiverged(Diverged diverged) {
        notTaken.increment();
        update(diverged.health());
    }

    private void update(Health now) {
        now.raisedSince(health.getAndSet(now))
                .forEach(alarm -> raised.get(alarm).increment());
    }

    @Override
    public void onTranslated(int count) {
        translations.increment(count);
    }

    @Override
    public void onBrokerState(BrokerState state) {
        up.set(state instanceof BrokerState.Available ? 1 : 0);
        if (state instanceof BrokerState.Available present) {
            present.lag()
                    .forEach((partition, lag) -> set(
                            "tandem.lag",
                            "Records that wait to be read and committed",
                            lag,
                            "topic",
                            partition.topic(),
                            "partition",
                            Integer.toString(partition.partition())));
        }
    }

    @Override
    public void onRebalance(String topic) {
        counter("tandem.rebalances", "Times the partitions of a topic were shared out", "topic", topic)
                .increment();
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        deadLetters.get(letter.reason()).increment();
    }

    /** A figure that is what it was last set to. */
    private void set(String name, String description, double value, String... tags) {
        figures.computeIfAbsent(name + Tags.of(tags), key -> {
                    AtomicReference<Double> figure = new AtomicReference<>(value);
                    Gauge.builder(name, figure::get)
                            .description(description)
                            .tags(tags)
                            .register(registry);
                    return figure;
                })
                .set(value);
    }

    /** A histogram from a hundredth of a second to minutes, and the longest of late. */
    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        LongStream.of(10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 120_000)
                                .mapToObj(Duration::ofMillis)
                                .toArray(Duration[]::new))
                .register(registry);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
