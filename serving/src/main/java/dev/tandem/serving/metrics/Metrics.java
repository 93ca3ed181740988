package dev.tandem.serving.metrics;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.Utilization;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.validation.Score;
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
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** The metrics of a run, for Prometheus. Thread-safe. */
public final class Metrics implements PipelineListener {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Health> health = new AtomicReference<>(Health.UNKNOWN);
    private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

    // Counters exist from the start, because a rate needs a first value.
    private final Map<Alarm, Counter> alarmsRaised = new EnumMap<>(Alarm.class);
    private final Map<InvalidInput.Reason, Counter> deadLetters = new EnumMap<>(InvalidInput.Reason.class);
    private final Counter steps = counter("tandem.training.steps", "Training steps");
    private final Counter skippedSteps =
            counter("tandem.training.steps.not.taken", "Steps skipped because a loss or gradient was not finite");
    private final Counter heldOutPairs = counter(
            "tandem.training.pairs.held.out", "Pairs that no step trains on, because of train.validation.share");
    private final Counter translations = counter("tandem.translations", "Committed translations of Kafka requests");

    private final Timer stepTime = timer("tandem.training.step", "Duration of a training step");
    private final Timer checkpointTime = timer("tandem.checkpoint.write", "Time to write a checkpoint");
    private final Timer requestTime =
            timer("tandem.translation", "Time from reading a Kafka request to the commit of its translations");
    private final HttpMetrics http = new HttpMetrics(
            registry,
            timer("tandem.http.translation", "Duration of an HTTP translation request, failed ones included"));

    private final AtomicReference<Supplier<DeviceMemory>> memory = new AtomicReference<>(() -> DeviceMemory.NONE);
    private final AtomicInteger brokerUp = new AtomicInteger();
    private final AtomicLong queuedPairs = new AtomicLong();
    private final Utilization utilization;

    public Metrics(Utilization utilization) {
        this.utilization = utilization;
        registerAlarms();
        for (InvalidInput.Reason reason : InvalidInput.Reason.values()) {
            deadLetters.put(reason, counter("tandem.dead.letters", "Dead letters", "reason", lowerCase(reason)));
        }
        new JvmMemoryMetrics().bindTo(registry);
        registerMemory();
        registerGauges();
    }

    private void registerAlarms() {
        for (Alarm alarm : Alarm.values()) {
            Gauge.builder("tandem.training.alarm", () -> health.get().alarms().contains(alarm) ? 1 : 0)
                    .description("1 while the alarm is raised, otherwise 0")
                    .tag("alarm", lowerCase(alarm))
                    .register(registry);
            alarmsRaised.put(
                    alarm,
                    counter("tandem.training.alarms", "How often the alarm was raised", "alarm", lowerCase(alarm)));
        }
    }

    private void registerMemory() {
        registerMemory("tandem.model.off.heap", "Memory that the model uses outside the heap", DeviceMemory::used);
        registerMemory("tandem.device.memory.used", "Memory that the model uses on its device", DeviceMemory::used);
        registerMemory(
                "tandem.device.memory.reserved",
                "Memory that the model holds on its device, used or free for later use",
                DeviceMemory::reserved);
        registerMemory(
                "tandem.device.memory.limit",
                "Maximum of the reserved memory; NaN if it is unknown",
                current -> current.limit().isPresent() ? current.limit().getAsLong() : Double.NaN);
    }

    private void registerMemory(String name, String description, ToDoubleFunction<DeviceMemory> bytes) {
        Gauge.builder(name, () -> bytes.applyAsDouble(memory()))
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }

    private void registerGauges() {
        Gauge.builder("tandem.training.queue", queuedPairs::get)
                .description("Decoded pairs that wait for training")
                .baseUnit("pairs")
                .register(registry);
        Gauge.builder("tandem.model.idle", utilization::idle)
                .description("Share of about the last minute in which the model was idle, 0 to 1")
                .register(registry);
        Gauge.builder("tandem.broker.up", brokerUp::get)
                .description("1 while the broker responds and the topics exist, otherwise 0")
                .register(registry);
        Gauge.builder(
                        "tandem.training.diversity",
                        () -> health.get().diversity().orElse(Double.NaN))
                .description("Mean absolute difference of two translations of one image; NaN before the first probe")
                .register(registry);
        registerScore(
                "tandem.validation.nearest.l1",
                "Error of the nearest translation of held-out inputs, 0 to 1; NaN before the first validation",
                Score::nearestL1);
        registerScore(
                "tandem.validation.diversity",
                "Mean absolute difference of two translations of one held-out input; NaN before the first validation",
                Score::diversity);
        registerScore(
                "tandem.validation.step",
                "Training steps of the validated model; NaN before the first validation",
                Score::step);
    }

    private void registerScore(String name, String description, ToDoubleFunction<Score> value) {
        Gauge.builder(
                        name,
                        () -> health.get().score().stream()
                                .mapToDouble(value)
                                .findFirst()
                                .orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    /** Sets the source of the gauges of memory: the engine of the current model. */
    public void watchMemory(Supplier<DeviceMemory> current) {
        memory.set(current);
    }

    /** All metrics in Prometheus's text format. */
    public String text() {
        return registry.scrape();
    }

    /** Decoded pairs that wait for training. */
    public long queuedPairs() {
        return queuedPairs.get();
    }

    /** Share of the last minute, approximately, in which the model was idle, 0 to 1. */
    public double idle() {
        return utilization.idle();
    }

    /** Memory that the model uses on its device. */
    public DeviceMemory memory() {
        return memory.get().get();
    }

    public HttpMetrics http() {
        return http;
    }

    /** Resets the queue: new pipelines are starting, and the decoded pairs of the earlier ones are gone. */
    public void onPipelinesStarting() {
        queuedPairs.set(0);
    }

    @Override
    public void onPairDecoded(TensorPair pair) {
        queuedPairs.incrementAndGet();
    }

    @Override
    public void onPairsProcessed(int pairs) {
        queuedPairs.addAndGet(-pairs);
    }

    @Override
    public void onRequestCompleted(Duration duration) {
        requestTime.record(duration);
    }

    @Override
    public void onTrained(Trained step) {
        setHealth(step.health());
        stepTime.record(step.duration());
        step.checkpoint().ifPresent(written -> checkpointTime.record(written.duration()));
        setGauge(
                "tandem.training.pairs",
                "Pairs that the model has been trained on, including those before a resume",
                step.pairs());
        setGauge("tandem.training.past.pairs", "Pairs in the replay buffer", step.pastPairs());
        setReport(step.report());
        steps.increment();
    }

    private void setReport(StepReport report) {
        setGauge("tandem.training.learning.rate", "Learning rate of the last step", report.learningRate());
        StepLosses losses = report.losses();
        setLoss("gan", losses.gan());
        setLoss("gan_lr", losses.ganLr());
        setLoss("l1", losses.l1());
        setLoss("kl", losses.kl());
        setLoss("latent", losses.latent());
        setLoss("d_vae", losses.dVae());
        setLoss("d_lr", losses.dLr());
        for (int i = 0; i < report.klPerDimension().size(); i++) {
            double kl = report.klPerDimension().get(i);
            setGauge("tandem.training.kl", "KL divergence of one latent dimension", kl, "dimension", String.valueOf(i));
        }
        report.gradientNorms()
                .forEach((network, norm) -> setGauge(
                        "tandem.training.gradient.norm",
                        "Norm of the gradient of one network",
                        norm,
                        "network",
                        network.key()));
    }

    private void setLoss(String term, double value) {
        setGauge("tandem.training.loss", "Loss of the last step; 0 if the term is not computed", value, "term", term);
    }

    @Override
    public void onDiverged(Diverged batch) {
        skippedSteps.increment();
        setHealth(batch.health());
    }

    private void setHealth(Health current) {
        Health previous = health.getAndSet(current);
        current.raisedSince(previous).forEach(alarm -> alarmsRaised.get(alarm).increment());
    }

    @Override
    public void onPairHeldOut() {
        heldOutPairs.increment();
    }

    @Override
    public void onTranslated(int count) {
        translations.increment(count);
    }

    @Override
    public void onBrokerState(BrokerState state) {
        brokerUp.set(state instanceof BrokerState.Available ? 1 : 0);
        if (state instanceof BrokerState.Available available) {
            available
                    .lag()
                    .forEach((partition, lag) -> setGauge(
                            "tandem.lag",
                            "Records between the committed offset and the end of the partition",
                            lag,
                            "topic",
                            partition.topic(),
                            "partition",
                            Integer.toString(partition.partition())));
        }
    }

    @Override
    public void onRebalance(String topic) {
        counter("tandem.rebalances", "Number of times the topic's partitions were assigned", "topic", topic)
                .increment();
    }

    @Override
    public void onDeadLetter(DeadLetter deadLetter) {
        deadLetters.get(deadLetter.reason()).increment();
    }

    /** Sets a gauge, and registers it on first use. */
    private void setGauge(String name, String description, double value, String... tags) {
        gauges.computeIfAbsent(name + Tags.of(tags), key -> {
                    AtomicReference<Double> gauge = new AtomicReference<>(value);
                    Gauge.builder(name, gauge::get)
                            .description(description)
                            .tags(tags)
                            .register(registry);
                    return gauge;
                })
                .set(value);
    }

    /** A histogram in seconds, with a gauge of the recent maximum. */
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

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
