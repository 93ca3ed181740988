package dev.tandem.app.bench;

import com.typesafe.config.Config;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.Utilization;
import dev.tandem.app.demo.DemoData;
import dev.tandem.app.demo.PairProducer;
import dev.tandem.app.run.Application;
import dev.tandem.app.run.Role;
import dev.tandem.app.run.RunPlan;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.pipeline.PipelineListener;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Times the whole way through Kafka: what is learnt in a second, how much of its time the model waits for pairs, and how
 * long a request waits for its one translation, while nothing is learnt and while it is.
 *
 * @param config the whole resolved configuration, for Pekko
 * @param warmUp steps, and requests, before those that count
 */
public record StreamBench(Settings settings, Config config, String dataset, int warmUp, int runs) {
    private static final long PATIENCE_SECONDS = 600;
    /** Batches that wait in the topic. */
    private static final int AHEAD = 8;

    /** @return figures by name */
    public Map<String, Object> run() {
        DemoData data = DemoData.load(dataset, settings);
        Utilization occupancy = new Utilization();
        BlockingQueue<Long> steps = new LinkedBlockingQueue<>();
        try (PairProducer feed = new PairProducer(settings, data.pairs());
                OneRequest request = new OneRequest(
                        settings, PngEncoder.encode(data.heldOut().get(0).a()))) {
            int batch = settings.train().freshPairs();
            PipelineListener events = new PipelineListener() {
                @Override
                public void onTrained(Trained step) {
                    steps.add(System.nanoTime());
                    feed.feed(batch);
                }
            };
            Application application = Application.start(new RunPlan(
                    settings, config, EnumSet.of(Role.TRAIN, Role.TRANSLATE), OptionalLong.empty(), events, occupancy));
            Timings quiet = Timings.of(warmUp, runs, request);
            feed.feed((long) AHEAD * batch);
            taken(steps, warmUp);
            Utilization.Reading before = occupancy.read();
            Timings learnt = Timings.of(0, runs, () -> taken(steps, 1));
            double idle = occupancy.read().idleSince(before);
            Timings busy = Timings.of(warmUp, runs, request);
            feed.stop();
            application.stop();
            application.awaitEnd();
            return result(data, quiet, busy, learnt, idle);
        }
    }

    private Map<String, Object> result(DemoData data, Timings quiet, Timings busy, Timings learnt, double idle) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("dataset", data.name());
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("width", settings.model().width());
        result.put("batch", settings.train().batchSize());
        result.put("stepMedianMillis", Timings.rounded(learnt.median()));
        result.put("pairsPerSecond", Timings.rounded(settings.train().freshPairs() * 1000 / learnt.mean()));
        result.put("modelIdle", Timings.rounded(idle));
        result.put("requestMedianMillis", Timings.rounded(quiet.median()));
        result.put("request95thMillis", Timings.rounded(quiet.quantile(0.95)));
        result.put("requestWhileLearningMedianMillis", Timings.rounded(busy.median()));
        result.put("requestWhileLearning95thMillis", Timings.rounded(busy.quantile(0.95)));
        return result;
    }

    private static void taken(BlockingQueue<Long> steps, int count) {
        try {
            for (int i = 0; i < count; i++) {
                if (steps.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
                    throw new UserError("no step was taken in " + PATIENCE_SECONDS + " seconds");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", e);
        }
    }
}
