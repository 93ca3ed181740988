package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.engine.Backend;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.InferenceEngines;
import dev.tandem.model.engine.Workload;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens models on the engines that the settings choose. */
public final class Models {
    private Models() {}

    /**
     * Opens a model that trains. Serving checkpoints translate on the engine that {@code translate.engine} chooses.
     *
     * @param checkpoint the checkpoint to resume from; empty: initial weights
     * @throws SettingsException if no engine can use the requested device, or the checkpoint has other networks
     */
    public static BicycleGan training(Settings settings, Optional<Checkpoint> checkpoint) {
        Engine engine = Engines.openForTraining(settings, settings.run().memory());
        Supplier<Backend> servingEngines = () -> inferenceEngine(settings).orElse(engine);
        return checkpoint
                .map(saved -> BicycleGan.resumed(engine, settings, saved, servingEngines))
                .orElseGet(() -> BicycleGan.fresh(engine, settings, servingEngines));
    }

    /**
     * Opens a model that translates and encodes, but does not train, on the engine that {@code translate.engine} chooses.
     *
     * @param checkpoint the first checkpoint that the model follows; empty: initial weights
     * @throws SettingsException if no engine can use the requested device, or the checkpoint has other networks
     */
    public static BicycleGan translating(Settings settings, Optional<Checkpoint> checkpoint) {
        Backend engine = Workload.translation(settings)
                .run(() -> inferenceEngine(settings)
                        .orElseGet(() ->
                                Engines.open(settings.model(), settings.run().memory())));
        return BicycleGan.translating(engine, settings, checkpoint);
    }

    /** @throws SettingsException if no engine can compute a model that trains, or its serving checkpoints */
    public static void requireTraining(Settings settings) {
        Engines.requireForTraining(settings);
        InferenceEngines.require(settings);
    }

    /** @throws SettingsException if no engine can compute a model that translates */
    public static void requireTranslating(Settings settings) {
        if (!InferenceEngines.require(settings)) {
            Engines.require(settings.model());
        }
    }

    private static Optional<Backend> inferenceEngine(Settings settings) {
        return InferenceEngines.open(settings).map(Backend.class::cast);
    }
}
