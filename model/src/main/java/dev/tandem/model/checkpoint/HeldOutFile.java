package dev.tandem.model.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.config.FileFault;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.tensor.PixelBytes;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.validation.HeldOutPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the pairs that a stream has held out: safetensors of bytes, named {@code i.a} and {@code i.b.j} for the output j
 * of input i. Every run of a model validates on the same pairs.
 *
 * @param settings the settings that these pairs depend on, as text; the file contains it as {@code settings}
 */
public record HeldOutFile(Path path, String settings) {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOutFile.class);
    private static final String NAME = "held-out.safetensors";
    private static final String SETTINGS = "settings";
    private static final Set<String> KEYS = Set.of(
            "train.validation.share",
            "model.image-size",
            "model.input-channels",
            "model.output-channels",
            "model.direction",
            "images.fit",
            "images.resize-a",
            "images.resize-b",
            "images.depth");

    /** The file in a checkpoint folder. */
    public static HeldOutFile of(Settings settings, Path checkpoints) {
        Map<String, String> used = new TreeMap<>(settings.provenance());
        used.keySet().retainAll(KEYS);
        int inputs = settings.train().validation().inputs();
        return new HeldOutFile(checkpoints.resolve(NAME), used + ", " + inputs + " inputs");
    }

    /**
     * Reads the pairs; empty if there is no file, if it is damaged, or if other settings have selected its pairs. A warning says
     * so in the last two cases.
     *
     * @param a shape of an input, (1, C, H, W)
     * @param b shape of an output, (1, C', H, W)
     * @throws CheckpointException if the file cannot be read
     */
    public Optional<HeldOutPairs> read(Shape a, Shape b) {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            if (Arrays.equals(reader.bytes(SETTINGS), settings.getBytes(UTF_8))) {
                return Optional.of(pairs(reader, a, b));
            }
            LOG.warn("{} has the pairs of other settings; collecting held-out pairs again", path);
        } catch (MalformedFile e) {
            LOG.warn("{}; collecting held-out pairs again", e.getMessage());
        } catch (IOException e) {
            throw new CheckpointException(
                    path + " cannot be read (" + FileFault.reason(e, path)
                            + "); make it readable, or remove it to collect held-out pairs again",
                    e);
        }
        return Optional.empty();
    }

    private HeldOutPairs pairs(SafetensorsReader reader, Shape a, Shape b) throws IOException {
        List<Tensor> as = new ArrayList<>();
        List<List<Tensor>> bs = new ArrayList<>();
        for (int i = 0; reader.names().contains(nameOfA(i)); i++) {
            as.add(image(reader, nameOfA(i), a));
            List<Tensor> outputs = new ArrayList<>(List.of(image(reader, nameOfB(i, 0), b)));
            while (reader.names().contains(nameOfB(i, outputs.size()))) {
                outputs.add(image(reader, nameOfB(i, outputs.size()), b));
            }
            bs.add(outputs);
        }
        return new HeldOutPairs(as, bs);
    }

    private Tensor image(SafetensorsReader reader, String name, Shape shape) throws IOException {
        if (!reader.shape(name).equals(shape)) {
            throw new MalformedFile(
                    path, "has image " + name + " of shape " + reader.shape(name) + " instead of " + shape);
        }
        return PixelBytes.image(shape, reader.bytes(name));
    }

    /** Writes the pairs. If that fails, a warning says so: then the next run collects other pairs. */
    public void write(HeldOutPairs pairs) {
        List<Entry> entries = new ArrayList<>();
        byte[] text = settings.getBytes(UTF_8);
        entries.add(Entry.ofBytes(SETTINGS, Shape.of(text.length), text));
        for (int i = 0; i < pairs.inputs().size(); i++) {
            entries.add(entry(nameOfA(i), pairs.inputs().get(i)));
            for (int j = 0; j < pairs.outputs().get(i).size(); j++) {
                entries.add(entry(nameOfB(i, j), pairs.outputs().get(i).get(j)));
            }
        }
        Path unfinished = path.resolveSibling(NAME + ".unfinished");
        try {
            Files.deleteIfExists(unfinished);
            SafetensorsWriter.write(unfinished, entries);
            Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written ({}); the next run collects other held-out pairs",
                    path,
                    FileFault.reason(e, path));
        }
    }

    /**
     * Deletes the file, because steps may train on its pairs from now on; does nothing if there is none.
     *
     * @throws CheckpointException if it cannot be deleted
     */
    public void delete() {
        try {
            if (Files.deleteIfExists(path)) {
                LOG.warn("train.validation.share is 0, so steps train on all pairs; {} is deleted", path);
            }
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be deleted (" + FileFault.reason(e, path) + ")", e);
        }
    }

    private static String nameOfA(int input) {
        return input + ".a";
    }

    private static String nameOfB(int input, int output) {
        return input + ".b." + output;
    }

    private static Entry entry(String name, Tensor image) {
        return Entry.ofBytes(name, image.shape(), PixelBytes.of(image));
    }
}
