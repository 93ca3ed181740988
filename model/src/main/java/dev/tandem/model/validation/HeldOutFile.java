package dev.tandem.model.validation;

import dev.tandem.config.FileFault;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.SafetensorsReader;
import dev.tandem.model.checkpoint.SafetensorsWriter;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.tensor.PixelBytes;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the pairs that a stream has held out: safetensors of bytes, named {@code i.a} and {@code i.b.j} for the output j
 * of input i. Every run of a model validates on the same pairs.
 */
public record HeldOutFile(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOutFile.class);
    private static final String NAME = "held-out.safetensors";

    /** The file in a checkpoint folder. */
    public static HeldOutFile in(Path checkpoints) {
        return new HeldOutFile(checkpoints.resolve(NAME));
    }

    /**
     * Reads the pairs; empty if there is no file, or if its pairs do not fit. A warning names the reason then.
     *
     * @param inputs number of inputs
     * @param a shape of an input, (1, C, H, W)
     * @param b shape of an output, (1, C', H, W)
     */
    public Optional<HeldOutPairs> read(int inputs, Shape a, Shape b) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            List<Tensor> as = images(reader, "", ".a", a);
            List<List<Tensor>> bs = new ArrayList<>();
            for (int i = 0; i < as.size(); i++) {
                bs.add(images(reader, i + ".b.", "", b));
            }
            if (as.size() == inputs && bs.stream().noneMatch(List::isEmpty)) {
                return Optional.of(new HeldOutPairs(as, bs));
            }
            LOG.warn("{} has {} inputs instead of {}; collecting held-out pairs again", file, as.size(), inputs);
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}); collecting held-out pairs again", file, FileFault.reason(e, file));
        } catch (CheckpointException e) {
            LOG.warn("{} cannot be used ({}); collecting held-out pairs again", file, e.getMessage());
        }
        return Optional.empty();
    }

    /** The images whose names have the numbers 0, 1, ... */
    private List<Tensor> images(SafetensorsReader reader, String before, String after, Shape shape) throws IOException {
        List<Tensor> images = new ArrayList<>();
        for (String name = before + 0 + after; reader.names().contains(name); name = before + images.size() + after) {
            if (!reader.shape(name).equals(shape)) {
                throw new CheckpointException(
                        "its images are " + reader.shape(name) + ", but those of the model " + shape);
            }
            images.add(PixelBytes.image(shape, reader.bytes(name)));
        }
        return images;
    }

    /** Writes the pairs. If that fails, a warning says so: then the next run collects other pairs. */
    public void write(HeldOutPairs pairs) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < pairs.inputs().size(); i++) {
            entries.add(entry(i + ".a", pairs.inputs().get(i)));
            for (int j = 0; j < pairs.outputs().get(i).size(); j++) {
                entries.add(entry(i + ".b." + j, pairs.outputs().get(i).get(j)));
            }
        }
        Path unfinished = file.resolveSibling(NAME + ".unfinished");
        try {
            Files.deleteIfExists(unfinished);
            SafetensorsWriter.write(unfinished, entries);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written ({}); the next run collects other held-out pairs",
                    file,
                    FileFault.reason(e, file));
        }
    }

    private static Entry entry(String name, Tensor image) {
        return Entry.ofBytes(name, image.shape(), PixelBytes.of(image));
    }
}
