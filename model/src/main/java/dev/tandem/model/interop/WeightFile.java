package dev.tandem.model.interop;

import dev.tandem.config.FileFault;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.SafetensorsReader;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tensors of one network in a safetensors file; the values are read on demand.
 *
 * @param shapes shapes by tensor name
 * @param floatNames names of the tensors that can be read as float32
 */
record WeightFile(Path path, Map<String, Shape> shapes, Set<String> floatNames) {
    /** Prefix of all names in a model that was saved inside PyTorch's DataParallel; {@link #shapes} omits it. */
    private static final String WRAPPER_PREFIX = "module.";

    private static final String ADVICE = "; docs/how-to/exchange-weights.md shows how to make a safetensors file";

    private interface FileQuery<R> {
        R apply(SafetensorsReader reader) throws IOException;
    }

    /** @throws CheckpointException if the file cannot be read */
    static WeightFile open(Path path) {
        return query(path, reader -> {
            Map<String, Shape> shapes = new TreeMap<>();
            Set<String> floatNames = new HashSet<>();
            for (String stored : reader.names()) {
                String name = stored.startsWith(WRAPPER_PREFIX) ? stored.substring(WRAPPER_PREFIX.length()) : stored;
                if (shapes.put(name, reader.shape(stored)) != null) {
                    throw new CheckpointException(path + " has both " + name + " and " + WRAPPER_PREFIX + name);
                }
                if (reader.isFloat(stored)) {
                    floatNames.add(name);
                }
            }
            return new WeightFile(path, shapes, floatNames);
        });
    }

    Optional<Shape> shape(String name) {
        return Optional.ofNullable(shapes.get(name));
    }

    /**
     * The shape of a tensor that the network of the program has.
     *
     * @throws CheckpointException if there is no such tensor of that rank, so the file does not hold this network
     */
    Shape requiredShape(String name, int rank) {
        Shape shape = shape(name)
                .orElseThrow(() -> new CheckpointException(path + " has no tensor " + name
                        + "; check that the file holds this network and that --from names its program. It has "
                        + shapes.keySet().stream().limit(3).toList() + " and others"));
        if (shape.rank() != rank) {
            throw new CheckpointException(path + " has tensor " + name + " of shape " + shape + " instead of " + rank
                    + " dimensions; check that the file holds this network and that --from names its program");
        }
        return shape;
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    /** Whether the tensor can be read as float32. */
    boolean isFloat(String name) {
        return floatNames.contains(name);
    }

    /** Number of convolution weights whose names match a regular expression. */
    long countConvolutions(String pattern) {
        return shapes.entrySet().stream()
                .filter(entry -> entry.getKey().matches(pattern))
                .filter(entry -> entry.getValue().rank() == 4)
                .count();
    }

    /** Those of some tensors that have a value that is not finite in float32, sorted. */
    List<String> notFinite(Set<String> names) {
        return query(path, reader -> {
            List<String> notFinite = new ArrayList<>();
            for (String name : new TreeSet<>(names)) {
                if (has(name) && !reader.isFinite(stored(reader, name))) {
                    notFinite.add(name);
                }
            }
            return notFinite;
        });
    }

    /** Reads the values of a tensor. */
    Tensor read(String name) {
        return query(path, reader -> reader.tensor(stored(reader, name)));
    }

    private static String stored(SafetensorsReader reader, String name) {
        return reader.names().contains(name) ? name : WRAPPER_PREFIX + name;
    }

    private static <R> R query(Path path, FileQuery<R> query) {
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            return query.apply(reader);
        } catch (CheckpointException e) {
            throw new CheckpointException(e.getMessage() + ADVICE, e);
        } catch (IOException e) {
            throw new CheckpointException(
                    path + " cannot be read as safetensors (" + FileFault.reason(e, path) + ")" + ADVICE, e);
        }
    }
}
