package dev.tandem.app.demo;

import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.app.console.Progress;
import dev.tandem.app.run.Application;
import dev.tandem.app.run.RunCounts;
import dev.tandem.app.run.RunLogger;
import dev.tandem.app.run.RunPlan;
import dev.tandem.clients.produce.PairProducer;
import dev.tandem.clients.translate.TranslationClient;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.TrainingData;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.pipeline.PipelineListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import me.tongfei.progressbar.ProgressBar;

/** Trains on a data set through Kafka, translates held-out inputs, and writes a gallery. */
public final class Demo {
    /** Translations per held-out input. */
    private static final int SAMPLES = 6;

    private static final Duration TRANSLATION_IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final RunPlan plan;
    private final Settings settings;
    private final TrainingData data;
    private final long steps;
    private final Path out;
    private final CompletableFuture<Void> stopRequested;
    private final long startNanos = System.nanoTime();
    private final RunCounts counts = new RunCounts();

    /**
     * @param plan the run; the demo replaces its listener
     * @param steps number of training steps
     * @param out folder for the results
     * @param stopRequested ends the training early when it completes; the results are written nevertheless
     */
    public Demo(RunPlan plan, TrainingData data, long steps, Path out, CompletableFuture<Void> stopRequested) {
        this.plan = plan;
        this.settings = plan.settings();
        this.data = data;
        this.steps = steps;
        this.out = out;
        this.stopRequested = stopRequested;
    }

    /** @return the content of {@code summary.json} */
    public Map<String, Object> run() {
        try (PairProducer producer = new PairProducer(settings, data.pairs(), TrainingData.orderSeed(settings))) {
            Application application = train(producer);
            producer.stop();
            Map<String, List<byte[]>> translations = translateHeldOut();
            application.stop();
            Saved saved = application.awaitEnd();
            Map<String, Object> summary = summary(saved);
            new DemoResults(out, settings, data, SAMPLES).write(translations, summary, facts(saved));
            return summary;
        }
    }

    /** @return the application, which is still running */
    private Application train(PairProducer producer) {
        long pairs = steps * settings.train().freshPairs();
        try (ProgressBar bar = Progress.bar("train", "pairs", pairs)) {
            DemoProgress progress = new DemoProgress(bar, producer, steps, pairs);
            PipelineListener alarms = new RunLogger(settings.health()).alarms();
            Application application =
                    Application.start(plan.withListener(PipelineListener.of(counts, alarms, progress)));
            producer.send(pairs);
            awaitTraining(application, progress.finished(), producer.failure());
            return application;
        }
    }

    /** Waits until the training is finished or the user stops it. If it fails, the application is stopped. */
    private void awaitTraining(
            Application application, CompletableFuture<Void> finished, CompletableFuture<Void> producerFailure) {
        CompletableFuture<Outcome> outcome = application.outcome();
        try {
            CompletableFuture.anyOf(finished, stopRequested, producerFailure, outcome)
                    .join();
        } catch (CompletionException e) {
            application.stop();
            outcome.join();
            throw e.getCause() instanceof UserError forUser ? forUser : e;
        }
        if (outcome.isDone()) {
            application.awaitEnd();
        }
    }

    /** Encoded translations by the name of the input. */
    private Map<String, List<byte[]>> translateHeldOut() {
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        data.heldOut().forEach(input -> inputs.put(input.name(), PngEncoder.encode(input.a())));
        try (TranslationClient client = new TranslationClient(settings, "demo")) {
            return client.translate(inputs, SAMPLES, TRANSLATION_IDLE_TIMEOUT);
        }
    }

    private Map<String, Object> summary(Saved saved) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("pairsTrained", saved.pairs());
        summary.put("steps", saved.step());
        summary.put("translations", counts.translations());
        summary.put("deadLetters", counts.deadLetters());
        counts.lastStep().ifPresent(step -> summary.put("losses", step.report().losses()));
        summary.put("seconds", seconds());
        summary.put("dataset", data.name());
        summary.put("checkpoint", saved.folder().toString());
        summary.put("out", out.toString());
        return summary;
    }

    private String facts(Saved saved) {
        return String.format(
                "Data set %s. Trained on %d pairs in %d steps. Total time on this machine, including the broker: %.0f seconds.",
                data.name(), saved.pairs(), saved.step(), seconds());
    }

    private double seconds() {
        return Math.round((System.nanoTime() - startNanos) / 1e8) / 10.0;
    }
}
