package dev.tandem.model;

import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.Backend;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.network.Networks;
import dev.tandem.model.train.Translator;
import java.util.Optional;
import java.util.function.Supplier;

/** The weights of a checkpoint that can be selected to translate and encode in place of the live model. */
final class ServingCheckpoint implements AutoCloseable {
    private final Networks networks;
    private final Backend liveEngine;
    private final Supplier<Backend> engines;
    /** Opened for the first checkpoint, and reused. */
    private volatile Optional<Opened> opened = Optional.empty();

    private boolean isSelected;

    private record Opened(Backend engine, FixedWeights weights) {}

    /** @param engines opens the engine of these weights, which can be the live one */
    ServingCheckpoint(Networks networks, Backend liveEngine, Supplier<Backend> engines) {
        this.networks = networks;
        this.liveEngine = liveEngine;
        this.engines = engines;
    }

    /**
     * Loads a checkpoint and selects it. If that fails, nothing changes.
     *
     * @throws CheckpointException if it cannot be read, or temporarily not be loaded
     * @throws DeviceMemoryException if the device has too little memory
     */
    void select(Checkpoint checkpoint) {
        if (opened.isEmpty()) {
            Backend engine = engines.get();
            opened = Optional.of(new Opened(engine, FixedWeights.on(engine, networks)));
        }
        opened.orElseThrow().weights().load(checkpoint);
        isSelected = true;
    }

    /** Frees the weights, if the engine can do that. */
    void deselect() {
        isSelected = false;
        opened.ifPresent(current -> current.weights().close());
    }

    /** Translates with the selected checkpoint; empty if none is selected. */
    Optional<Translator> translator() {
        return selected().map(current -> current.weights().translator());
    }

    /** Name of the engine of the selected checkpoint; empty if none is selected. */
    Optional<String> engineName() {
        return selected().map(current -> current.engine().name());
    }

    private Optional<Opened> selected() {
        return opened.filter(current -> isSelected);
    }

    /** The engine of these weights, if it is another one than that of the live model; any thread may call this. */
    Optional<Backend> ownEngine() {
        return opened.map(Opened::engine).filter(engine -> engine != liveEngine);
    }

    /** Closes the engine of these weights, but not that of the live model. */
    @Override
    public void close() {
        ownEngine().ifPresent(Backend::close);
    }
}
