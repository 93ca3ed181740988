package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The weights of one checkpoint in a file that stays open. So all of them are of the same checkpoint, even if another
 * process removes or replaces its folder meanwhile.
 *
 * <p>If the file cannot be read, the methods throw a {@link CheckpointException}.
 */
public final class CheckpointWeights implements AutoCloseable {
    private final Path folder;
    private final SafetensorsReader reader;

    private CheckpointWeights(Path folder, SafetensorsReader reader) {
        this.folder = folder;
        this.reader = reader;
    }

    static CheckpointWeights open(Path folder) {
        try {
            return new CheckpointWeights(folder, new SafetensorsReader(folder.resolve(Checkpoint.MODEL)));
        } catch (IOException | MalformedFile e) {
            throw CheckpointException.unusable(folder, e);
        }
    }

    /** Keys of the networks. */
    public Set<String> networks() {
        return reader.names().stream().map(Checkpoint::network).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values of one parameter. */
    public Tensor weight(String network, String parameter) {
        try {
            return reader.tensor(network + "." + parameter);
        } catch (IOException | MalformedFile e) {
            throw CheckpointException.unusable(folder, e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw CheckpointException.unusable(folder, e);
        }
    }
}
