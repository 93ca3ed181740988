package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointWeights;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.interop.onnx.OnnxExport;
import dev.tandem.model.train.Translator;
import java.util.Optional;

/** Fixed weights in the sessions of an inference engine. Other weights need new sessions. */
final class OnnxWeights implements FixedWeights {
    private final InferenceEngine engine;
    private Optional<OnnxTranslator> translator = Optional.empty();

    OnnxWeights(InferenceEngine engine) {
        this.engine = engine;
    }

    @Override
    public void load(Checkpoint checkpoint) {
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            replace(OnnxExport.of(checkpoint, weights));
        }
    }

    @Override
    public void initialise(Settings settings) {
        replace(OnnxExport.ofInitialWeights(settings));
    }

    /** The old sessions are closed last: they still translate if the new ones cannot be opened. */
    private void replace(OnnxExport networks) {
        Optional<OnnxTranslator> previous = translator;
        translator = Optional.of(OnnxTranslator.open(engine, networks));
        previous.ifPresent(OnnxTranslator::close);
    }

    @Override
    public Translator translator() {
        return translator.orElseThrow(() -> new IllegalStateException("no weights are set"));
    }

    @Override
    public void close() {
        Optional<OnnxTranslator> closed = translator;
        translator = Optional.empty();
        closed.ifPresent(OnnxTranslator::close);
    }
}
