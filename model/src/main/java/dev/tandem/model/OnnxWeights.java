package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
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
        replace(OnnxExport.of(checkpoint));
    }

    @Override
    public void initialise(Settings settings) {
        replace(OnnxExport.ofInitialWeights(settings));
    }

    /** The old sessions are closed last: they still translate if the new ones cannot be opened. */
    private void replace(OnnxExport networks) {
        OnnxTranslator opened = OnnxTranslator.open(engine, networks);
        close();
        translator = Optional.of(opened);
    }

    @Override
    public Translator translator() {
        return translator.orElseThrow(() -> new IllegalStateException("no weights are loaded"));
    }

    @Override
    public void close() {
        translator.ifPresent(OnnxTranslator::close);
        translator = Optional.empty();
    }
}
