package dev.tandem.model.checkpoint;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint.PastPair;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.conformance.CheckpointFiles;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A valid checkpoint of the smallest model, whose files a test changes; the checksums stay right. */
record CheckpointFolder(Path folder) {
    static final List<String> TENSOR_FILES =
            List.of("model.safetensors", "optimizer.safetensors", "replay.safetensors");
    static final String STATE = "state.json";
    static final String SUMS = "SHA256SUMS";

    /** Writes a checkpoint of one step with two past pairs. */
    static CheckpointFolder create(Path directory) {
        return create(directory, 1);
    }

    static CheckpointFolder create(Path directory, long step) {
        return create(CheckpointStore.open(new CheckpointSettings(directory, 1, 9)), step);
    }

    static CheckpointFolder create(CheckpointStore store, long step) {
        return create(store, step, Optional.empty());
    }

    static CheckpointFolder create(CheckpointStore store, long step, Optional<Score> score) {
        Settings settings = TestSettings.tiny(
                "model.width=2",
                "model.encoder.type=none",
                "model.discriminator.scales=1",
                "model.norm=batch",
                "train.replay.capacity=2");
        PastPair pair = new PastPair(new byte[3 * 32 * 32], new byte[3 * 32 * 32]);
        Checkpoint.Content content = TestCheckpoints.content(settings, new PastPairs(2, List.of(pair, pair)), step);
        return new CheckpointFolder(Checkpoint.save(store, TestCheckpoints.withScore(content, score)));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    byte[] read(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a file and, unless it is that of the checksums, its checksum. */
    void write(String name, byte[] content) {
        try {
            if (name.equals(SUMS)) {
                Files.write(file(name), content);
            } else {
                CheckpointFiles.replace(folder, name, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the text of {@code state.json}. */
    void changeState(UnaryOperator<String> change) {
        write(
                STATE,
                change.apply(new String(read(STATE), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    /** Changes the header of a safetensors file; the text must keep its length. */
    void changeHeader(String name, String from, String to) {
        String text = new String(read(name), StandardCharsets.ISO_8859_1);
        if (from.length() != to.length() || !text.contains(from)) {
            throw new IllegalArgumentException("cannot replace " + from + " by " + to);
        }
        write(name, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }
}
