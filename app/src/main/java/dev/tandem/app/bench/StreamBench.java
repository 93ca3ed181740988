package dev.tandem.app.bench;

import com.typesafe.config.Config;
import dev.tandem.actors.Utilization;
import dev.tandem.app.run.Application;
import dev.tandem.app.run.Role;
import dev.tandem.app.run.RunPlan;
import dev.tandem.clients.load.PairSupply;
import dev.tandem.clients.produce.PairProducer;
import dev.tandem.clients.translate.TranslationClient;
import dev.tandem.config.Settings;
import dev.tandem.datasets.TrainingData;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.pipeline.PipelineListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures a run with Kafka: pairs trained per second, the share of time in which the model waits for pairs, and the
 * latency of a request for one translation, with and without training at the same time.
 *
 * @param config the whole resolved configuration, for Pekko
 * @param warmUp training steps and requests before the measured ones
 */
public record StreamBench(Settings settings, Config config, String dataset, int warmUp, int runs) {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    /** Batches in the topic that no step has used yet. */
    private static final int QUEUED_BATCHES = 8;

    /** @return figures by JSON key */
    public Map<String, Object> run() {
        TrainingData data = TrainingData.load(dataset, true, settings);
        int batch = settings.train().freshPairs();
        Utilization utilization = new Utilization();
        try (PairProducer pairs = new PairProducer(settings, data.pairs(), TrainingData.orderSeed(settings));
                TranslationClient client = new TranslationClient(settings, "bench")) {
            PairSupply supply = new PairSupply(pairs, batch);
            Application application = Application.start(plan(supply, utilization));
            application.outcome().whenComplete((outcome, failure) -> supply.end());
            Runnable request =
                    request(client, PngEncoder.encode(data.heldOut().get(0).a()));
            Timings requests = Timings.of(warmUp, runs, request);
            supply.start(QUEUED_BATCHES);
            supply.awaitSteps(warmUp);
            Utilization.Reading before = utilization.read();
            Timings trainingSteps = Timings.of(0, runs, () -> supply.awaitSteps(1));
            double idle = utilization.read().idleSince(before);
            Timings requestsWhileTraining = Timings.of(warmUp, runs, request);
            pairs.stop();
            application.stop();
            application.awaitEnd();
            return result(data, requests, requestsWhileTraining, trainingSteps, idle);
        }
    }

    private RunPlan plan(PipelineListener listener, Utilization utilization) {
        return new RunPlan(
                settings, config, EnumSet.of(Role.TRAIN, Role.TRANSLATE), OptionalLong.empty(), listener, utilization);
    }

    private static Runnable request(TranslationClient client, byte[] image) {
        AtomicInteger count = new AtomicInteger();
        return () -> client.translateOne("request-" + count.getAndIncrement(), image, TIMEOUT);
    }

    private Map<String, Object> result(
            TrainingData data, Timings requests, Timings requestsWhileTraining, Timings trainingSteps, double idle) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("dataset", data.name());
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("width", settings.model().width());
        result.put("batch", settings.train().batchSize());
        result.put("stepMedianMillis", Timings.rounded(trainingSteps.median()));
        result.put("pairsPerSecond", Timings.rounded(settings.train().freshPairs() * 1000 / trainingSteps.mean()));
        result.put("modelIdle", Timings.rounded(idle));
        result.put("requestMedianMillis", Timings.rounded(requests.median()));
        result.put("request95thMillis", Timings.rounded(requests.quantile(0.95)));
        result.put("requestWhileLearningMedianMillis", Timings.rounded(requestsWhileTraining.median()));
        result.put("requestWhileLearning95thMillis", Timings.rounded(requestsWhileTraining.quantile(0.95)));
        return result;
    }
}
