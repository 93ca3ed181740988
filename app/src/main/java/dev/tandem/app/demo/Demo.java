package dev.tandem.app.demo;

import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.app.console.Progress;
import dev.tandem.app.run.Application;
import dev.tandem.app.run.RunCounts;
import dev.tandem.app.run.RunLogger;
import dev.tandem.app.run.RunPlan;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.train.StepLosses;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.deadletter.DeadLetter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import me.tongfei.progressbar.ProgressBar;

/** Trains on a data set through Kafka, translates what was held out, and leaves a gallery. */
public final class Demo {
    /** Translations of each held-out input. */
    private static final int SAMPLES = 6;
    /** Unusable pictures that are passed over however few steps there are. */
    private static final long TOLERATED = 100;

    private final RunPlan plan;
    private final Settings settings;
    private final DemoData data;
    private final long steps;
    private final Path out;
    private final long start = System.nanoTime();
    private final RunCounts counts = new RunCounts();
    private final CompletableFuture<Void> trainedEnough = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped;

    /**
     * @param plan the run to demonstrate; its events are the demo's own
     * @param stopped ends the training when completed; what there is then is shown
     */
    public Demo(RunPlan plan, String dataset, long steps, Path out, CompletableFuture<Void> stopped) {
        this.stopped = stopped;
        this.plan = plan;
        this.settings = plan.settings();
        this.data = DemoData.load(dataset, settings);
        this.steps = steps;
        this.out = out;
    }

    /** @return what {@code summary.json} says */
    public Map<String, Object> run() {
        DemoTopics topics = new DemoTopics(settings);
        try (PairProducer feed = new PairProducer(settings, data.pairs())) {
            Application application = train(feed);
            feed.stop();
            topics.produceSources(data.heldOut(), SAMPLES);
            Map<String, List<byte[]>> translations =
                    topics.consumeTranslations(data.heldOut().size() * SAMPLES);
            application.stop();
            Saved saved = application.awaitEnd();
            Map<String, Object> summary = summary(saved);
            new DemoResults(out, settings, data, SAMPLES).write(translations, summary, facts(saved));
            return summary;
        }
    }

    /** @return the application, which goes on running */
    private Application train(PairProducer feed) {
        long pairs = steps * settings.train().freshPairs();
        try (ProgressBar bar = Progress.bar("train", "pairs", pairs)) {
            Application application = Application.start(new RunPlan(
                    settings,
                    plan.config(),
                    plan.roles(),
                    plan.stopAfterPairs(),
                    PipelineListener.of(
                            counts, new RunLogger(settings.health()).alarms(), new Watching(bar, feed, pairs))));
            feed.feed(pairs);
            awaitTraining(application, feed);
            return application;
        }
    }

    private final class Watching implements PipelineListener {
        private final ProgressBar bar;
        private final PairProducer feed;
        private final long pairs;

        private Watching(ProgressBar bar, PairProducer feed, long pairs) {
            this.bar = bar;
            this.feed = feed;
            this.pairs = pairs;
        }

        @Override
        public void onTrained(Trained step) {
            showStep(bar, step);
        }

        @Override
        public void onDeadLetter(DeadLetter letter) {
            checkDeadLetter(feed, letter.reason(), pairs);
        }
    }

    /** A picture that cannot be used is made up for by another, unless hardly any can. */
    private void checkDeadLetter(PairProducer feed, InvalidInput.Reason reason, long pairs) {
        if (counts.deadLetters() > Math.max(TOLERATED, pairs) && reason != InvalidInput.Reason.NOT_FINITE) {
            trainedEnough.completeExceptionally(
                    new UserError("most of the pictures cannot be used (" + reason + "); are they A|B images?"));
        }
        feed.feed(1);
    }

    private void showStep(ProgressBar bar, Trained step) {
        bar.stepTo(step.pairs());
        StepLosses losses = step.report().losses();
        bar.setExtraMessage(String.format(
                " L1 %.2f KL %.1f z %.2f G %.2f D %.2f",
                losses.l1(),
                losses.kl(),
                losses.latent(),
                losses.gan() + losses.ganLr(),
                losses.dVae() + losses.dLr()));
        if (step.step() >= steps) {
            trainedEnough.complete(null);
        }
    }

    /** Until the steps are done or the user has had enough; a run that gave up ends the demo. */
    private void awaitTraining(Application application, PairProducer feed) {
        CompletableFuture<Outcome> ended = application.outcome();
        try {
            CompletableFuture.anyOf(trainedEnough, stopped, feed.failed(), ended)
                    .join();
        } catch (CompletionException e) {
            application.stop();
            ended.join();
            throw e.getCause() instanceof UserError forUser ? forUser : e;
        }
        if (ended.isDone()) {
            application.awaitEnd();
        }
    }

    private Map<String, Object> summary(Saved saved) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("pairsTrained", saved.pairs());
        summary.put("steps", saved.step());
        summary.put("translations", counts.translations());
        summary.put("deadLetters", counts.deadLetters());
        counts.last().ifPresent(last -> summary.put("losses", last.report().losses()));
        summary.put("seconds", seconds());
        summary.put("dataset", data.name());
        summary.put("checkpoint", saved.folder().toString());
        summary.put("out", out.toString());
        return summary;
    }

    private String facts(Saved saved) {
        return String.format(
                "Data set %s; %d pairs in %d steps; %.0f seconds on this machine, broker and all.",
                data.name(), saved.pairs(), saved.step(), seconds());
    }

    private double seconds() {
        return Math.round((System.nanoTime() - start) / 1e8) / 10.0;
    }
}
