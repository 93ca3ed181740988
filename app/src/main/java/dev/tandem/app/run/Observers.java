package dev.tandem.app.run;

import dev.tandem.actors.ModelActor.Description;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;

/**
 * The parts of a run that watch the pipelines and the model without changing them.
 *
 * @param listener of the caller
 */
record Observers(
        Metrics metrics, Readiness readiness, RunStatus status, ProbeGallery probes, PipelineListener listener) {

    static Observers of(RunPlan plan, CheckpointStore store, ModelClient model) {
        ProbeGallery probes = new ProbeGallery(
                plan.settings(), store.directory(), model::preview, plan.has(Role.TRAIN) && plan.has(Role.HTTP));
        return new Observers(
                new Metrics(plan.utilization()), new Readiness(), new RunStatus(), probes, plan.listener());
    }

    /** Passes each event to the caller and to all observers. */
    PipelineListener all() {
        return PipelineListener.of(listener, metrics, readiness, status, probes);
    }

    /** A model is open, and its pipelines are about to start. */
    void onModelOpened(RunPlan plan, CheckpointStore store, Description model) {
        metrics.onPipelinesStarting();
        status.onModelStarted(
                model.step(),
                model.pairs(),
                store.directory().resolve(plan.settings().health().stepLog()));
    }
}
