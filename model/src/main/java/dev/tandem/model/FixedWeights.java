package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.Backend;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.network.Networks;
import dev.tandem.model.train.Translator;

/** A generator and an encoder that do not train. They translate and encode with the weights of a checkpoint. */
interface FixedWeights extends AutoCloseable {

    /** Weights on an engine; {@link #load} or {@link #initialise} allocates and sets them. */
    static FixedWeights on(Backend backend, Networks networks) {
        return backend instanceof InferenceEngine inference
                ? new OnnxWeights(inference)
                : new EngineWeights((Engine) backend, networks);
    }

    /**
     * Loads the averaged generator, or the generator if the checkpoint has no average, and the encoder if the checkpoint has
     * one. If that fails, the weights that were loaded before still translate.
     *
     * @throws CheckpointException if the checkpoint cannot be read, or temporarily not be loaded
     * @throws DeviceMemoryException if the device has too little memory
     */
    void load(Checkpoint checkpoint);

    /** Sets initial weights, random by {@code train.seed}. */
    void initialise(Settings settings);

    /**
     * Translates with the weights that were set last.
     *
     * @throws IllegalStateException if no weights are set
     */
    Translator translator();

    /** Frees the memory of the weights, if the engine can do that before it closes. */
    @Override
    void close();
}
