package dev.tandem.clients.load;

import com.typesafe.config.Config;
import dev.tandem.actors.Guardian;
import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.SimulatedModel;
import dev.tandem.actors.Utilization;
import dev.tandem.actors.Utilization.Reading;
import dev.tandem.clients.produce.PairProducer;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.TrainingData;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.pipeline.Pipelines;
import dev.tandem.pipeline.augment.Augmentation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Measures whether pairs arrive in time for a fast model: Kafka, decoding and batching are those of a run, and the model is
 * simulated ({@link SimulatedModel}). Broker and producer run in the same process and need processor time too.
 *
 * @param config the whole resolved configuration, for Pekko
 * @param dataset name of a data set, or a folder of A|B images
 * @param warmUp runs of {@value #STEPS_PER_RUN} steps before the measured ones
 * @param runs measured runs of {@value #STEPS_PER_RUN} steps
 */
public record SimulatedTraining(Settings settings, Config config, String dataset, int warmUp, int runs) {
    private static final int STEPS_PER_RUN = 200;
    /** Batches in the topic that no step has used yet. */
    private static final int QUEUED_BATCHES = 64;
    /** Pairs prepared before the measurement, and measured. */
    private static final int PREPARED_PAIRS = 400;

    private static final Partition PARTITION = new Partition("bench", 0);
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Runs the measurement.
     *
     * @param stepTime time of a training step
     * @return figures by JSON key
     */
    public Map<String, Object> run(Duration stepTime) {
        TrainingData data = TrainingData.load(dataset, true, settings);
        double decodeMillis = millisPerPair(data.pairs());
        Utilization utilization = new Utilization();
        try (PairProducer producer = new PairProducer(settings, data.pairs(), TrainingData.orderSeed(settings))) {
            PairSupply supply = new PairSupply(producer, settings.train().freshPairs());
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            ActorSystem<Guardian.Command> system = start(stepTime, utilization, supply, outcome);
            try {
                supply.start(QUEUED_BATCHES);
                supply.awaitSteps(warmUp * STEPS_PER_RUN);
                Reading before = utilization.read();
                supply.awaitSteps(runs * STEPS_PER_RUN);
                Reading after = utilization.read();
                return figures(data, before, after, PreparationCost.of(settings, decodeMillis, stepTime));
            } finally {
                producer.stop();
                system.tell(new Guardian.Stop());
                outcome.join();
            }
        }
    }

    private ActorSystem<Guardian.Command> start(
            Duration stepTime, Utilization utilization, PairSupply supply, CompletableFuture<Outcome> outcome) {
        return ActorSystem.create(
                Guardian.create(
                        SimulatedModel.create(stepTime, utilization),
                        new Pipelines(settings, true, false, OptionalLong.empty(), supply),
                        settings.run(),
                        end -> {
                            outcome.complete(end);
                            supply.end();
                        }),
                "tandem-bench",
                config);
    }

    private Map<String, Object> figures(TrainingData data, Reading before, Reading after, PreparationCost cost) {
        double idle = after.idleSince(before);
        double seconds = (after.time() - before.time()) / NANOS_PER_MILLI / 1000;
        int pairs = runs * STEPS_PER_RUN * cost.pairs();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("dataset", data.name());
        figures.put("imageSize", settings.model().imageSize().toString());
        figures.put("batch", settings.train().batchSize());
        figures.put("fakeStepMillis", cost.stepMillis());
        figures.put("steps", runs * STEPS_PER_RUN);
        figures.put("pairsPerSecond", PreparationCost.rounded(pairs / seconds));
        figures.put("modelIdle", PreparationCost.rounded(idle));
        figures.put("decodeMillisPerPair", PreparationCost.rounded(cost.millisPerPair()));
        figures.put("coresNeeded", PreparationCost.rounded(cost.coresNeeded()));
        figures.put("cores", cost.cores());
        figures.put("decodeParallelism", cost.threads());
        figures.put("result", cost.verdict(idle));
        return figures;
    }

    /** Measures decoding and augmenting on one thread, while nothing else runs. */
    private double millisPerPair(List<byte[]> pairs) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        Augmentation augmentation = new Augmentation(
                settings.augment(),
                settings.images().scaling(),
                settings.model(),
                settings.train().seed());
        prepare(decoder, augmentation, pairs);
        long start = System.nanoTime();
        prepare(decoder, augmentation, pairs);
        return (System.nanoTime() - start) / NANOS_PER_MILLI / PREPARED_PAIRS;
    }

    private static void prepare(PairDecoder decoder, Augmentation augmentation, List<byte[]> pairs) {
        try {
            for (int i = 0; i < PREPARED_PAIRS; i++) {
                long offset = i;
                decoder.decode(
                        pairs.get(i % pairs.size()),
                        Optional.empty(),
                        pair -> augmentation.apply(pair, PARTITION, offset));
            }
        } catch (InvalidInput e) {
            throw new UserError("a pair of the data cannot be decoded: " + e.getMessage(), e);
        }
    }
}
