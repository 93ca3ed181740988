package dev.tandem.model;

import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.interop.onnx.OnnxExport;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Translator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Translates and encodes with sessions of an inference engine.
 *
 * <p>Each run computes one image. A library can choose other algorithms for a larger batch, and then the bits of an image
 * would depend on the other images.
 */
final class OnnxTranslator implements Translator, AutoCloseable {
    private final InferenceSession generator;
    private final Optional<InferenceSession> encoder;

    private OnnxTranslator(InferenceSession generator, Optional<InferenceSession> encoder) {
        this.generator = generator;
        this.encoder = encoder;
    }

    static OnnxTranslator open(InferenceEngine engine, OnnxExport networks) {
        InferenceSession generator = session(engine, networks::writeGenerator);
        try {
            Optional<InferenceSession> encoder =
                    networks.hasEncoder() ? Optional.of(session(engine, networks::writeEncoder)) : Optional.empty();
            return new OnnxTranslator(generator, encoder);
        } catch (RuntimeException e) {
            generator.close();
            throw e;
        }
    }

    private interface NetworkWriter {
        void writeTo(Path file, Path weightFile) throws IOException;
    }

    /**
     * By temporary files: the library maps the weights into memory, instead of a copy. They are not those of the checkpoint,
     * because a process whose mapped file is truncated crashes.
     */
    private static InferenceSession session(InferenceEngine engine, NetworkWriter network) {
        try (TemporaryFiles files = TemporaryFiles.create()) {
            network.writeTo(files.network(), files.weights());
            return engine.load(files.network(), Files.size(files.weights()));
        } catch (IOException e) {
            throw new CheckpointException(
                    "the networks for engine " + engine.name() + " cannot be written to the temporary folder "
                            + System.getProperty("java.io.tmpdir") + " (" + e.getMessage()
                            + "); free space there, or set translate.engine=model",
                    e);
        }
    }

    /** A folder with the two files of a network. It is deleted at the end, or on Windows when the process ends. */
    private record TemporaryFiles(Path folder) implements AutoCloseable {

        private static TemporaryFiles create() throws IOException {
            return new TemporaryFiles(Files.createTempDirectory("tandem-onnx-"));
        }

        private Path network() {
            return folder.resolve("network.onnx");
        }

        private Path weights() {
            return folder.resolve("weights");
        }

        @Override
        public void close() {
            // At the end of the process, the path that was registered last is deleted first.
            for (Path path : List.of(network(), weights(), folder)) {
                if (!path.toFile().delete()) {
                    folder.toFile().deleteOnExit();
                    path.toFile().deleteOnExit();
                }
            }
        }
    }

    @Override
    public Tensor translate(Tensor a, Tensor z) {
        boolean hasLatent = z.shape().channels() > 0;
        List<Tensor> images = new ArrayList<>();
        for (int i = 0; i < a.shape().batch(); i++) {
            Tensor image = a.rows(i, i + 1);
            Map<String, Tensor> inputs = hasLatent ? Map.of("a", image, "z", z.rows(i, i + 1)) : Map.of("a", image);
            images.add(clamped(generator.run(inputs).get("b")));
        }
        return Tensor.stack(images);
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
        InferenceSession session = encoder.orElseThrow(() -> new IllegalStateException("the model has no encoder"));
        List<Tensor> means = new ArrayList<>();
        List<Tensor> logVariances = new ArrayList<>();
        for (int i = 0; i < b.shape().batch(); i++) {
            Map<String, Tensor> outputs = session.run(Map.of("b", b.rows(i, i + 1)));
            means.add(outputs.get("mu"));
            logVariances.add(outputs.get("logvar"));
        }
        return new Posterior<>(Tensor.stack(means), Tensor.stack(logVariances));
    }

    @Override
    public void close() {
        generator.close();
        encoder.ifPresent(InferenceSession::close);
    }
}
