package dev.tandem.model;

import dev.tandem.config.FileFault;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.engine.NetworkLoadException;
import dev.tandem.model.interop.onnx.OnnxExport;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Translates and encodes with sessions of an inference engine. */
final class OnnxTranslator implements Translator, AutoCloseable {
    private final Loaded generator;
    private final Optional<Loaded> encoder;

    private OnnxTranslator(Loaded generator, Optional<Loaded> encoder) {
        this.generator = generator;
        this.encoder = encoder;
    }

    /**
     * @throws CheckpointException if a file cannot be read or written, or the engine cannot load it
     * @throws DeviceMemoryException if the device has too little memory
     */
    static OnnxTranslator open(InferenceEngine engine, OnnxExport networks) {
        Loaded generator = load(engine, networks::writeGenerator);
        try {
            Optional<Loaded> encoder =
                    networks.hasEncoder() ? Optional.of(load(engine, networks::writeEncoder)) : Optional.empty();
            return new OnnxTranslator(generator, encoder);
        } catch (RuntimeException e) {
            generator.close();
            throw e;
        }
    }

    /** A session with its files, which are deleted before if the system can do that. */
    private record Loaded(InferenceSession session, ImageGroups images, TemporaryFiles files) implements AutoCloseable {
        Loaded(InferenceSession session, TemporaryFiles files) {
            this(session, new ImageGroups(session), files);
        }

        @Override
        public void close() {
            try (files) {
                session.close();
            }
        }
    }

    private interface NetworkWriter {
        /** @return size of the weights in bytes */
        long writeTo(Path file, Path weightFile) throws IOException;
    }

    /**
     * By temporary files: the library maps the weights into memory, instead of a copy. They are not those of the checkpoint,
     * because a process whose mapped file is truncated crashes.
     */
    private static Loaded load(InferenceEngine engine, NetworkWriter network) {
        try {
            TemporaryFiles files = TemporaryFiles.create();
            try {
                long bytes = network.writeTo(files.network(), files.weights());
                Loaded loaded = new Loaded(engine.load(files.network(), bytes), files);
                files.delete();
                return loaded;
            } catch (IOException | RuntimeException e) {
                files.close();
                throw e;
            }
        } catch (NetworkLoadException e) {
            throw CheckpointException.temporary(e.getMessage(), e);
        } catch (IOException e) {
            throw CheckpointException.temporary(
                    "the networks for engine " + engine.name() + " cannot be written to the temporary folder "
                            + System.getProperty("java.io.tmpdir") + " (" + FileFault.reason(e)
                            + "); free space there, or set translate.engine=model",
                    e);
        }
    }

    @Override
    public Tensor translate(Tensor a, Tensor z) {
        boolean hasLatent = z.shape().channels() > 0;
        Map<String, Tensor> inputs = hasLatent ? Map.of("a", a, "z", z) : Map.of("a", a);
        return clamped(generator.images().run(inputs).get("b"));
    }

    /** The library's tanh can exceed 1 by a rounding error. */
    private static Tensor clamped(Tensor image) {
        float[] values = image.data();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(-1, Math.min(1, values[i]));
        }
        return image;
    }

    @Override
    public Posterior<Tensor> encode(Tensor b) {
        Map<String, Tensor> outputs = encoder.orElseThrow(() -> new IllegalStateException("the model has no encoder"))
                .images()
                .run(Map.of("b", b));
        return new Posterior<>(outputs.get("mu"), outputs.get("logvar"));
    }

    @Override
    public void close() {
        try {
            generator.close();
        } finally {
            encoder.ifPresent(Loaded::close);
        }
    }
}
