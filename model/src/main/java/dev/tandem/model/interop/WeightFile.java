package dev.tandem.model.interop;

import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.SafetensorsReader;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tensors of one network in a safetensors file; the values are read on demand.
 *
 * @param shapes shapes by tensor name
 * @param float32Names names of the float32 tensors
 */
record WeightFile(Path path, Map<String, Shape> shapes, Set<String> float32Names) {
    /** Prefix of all names in a model that was saved inside PyTorch's DataParallel; {@link #shapes} omits it. */
    private static final String WRAPPER_PREFIX = "module.";

    /** @throws CheckpointException if the file cannot be read */
    static WeightFile open(Path path) {
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            Map<String, Shape> shapes = new TreeMap<>();
            Set<String> float32Names = new HashSet<>();
            for (String stored : reader.names()) {
                String name = stored.startsWith(WRAPPER_PREFIX) ? stored.substring(WRAPPER_PREFIX.length()) : stored;
                shapes.put(name, reader.shape(stored));
                if (reader.isFloat32(stored)) {
                    float32Names.add(name);
                }
            }
            return new WeightFile(path, shapes, float32Names);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException(
                    path + " cannot be read as safetensors (" + e.getMessage()
                            + "); docs/how-to/exchange-weights.md shows how to convert a .pth",
                    e);
        }
    }

    Optional<Shape> shape(String name) {
        return Optional.ofNullable(shapes.get(name));
    }

    /** @throws CheckpointException if there is no such tensor, so the file does not hold this network of the program */
    Shape requiredShape(String name) {
        return shape(name)
                .orElseThrow(() -> new CheckpointException(path + " has no tensor " + name
                        + "; check that the file holds this network and that --from names its program. It has "
                        + shapes.keySet().stream().limit(3).toList() + " and others"));
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    boolean isFloat32(String name) {
        return float32Names.contains(name);
    }

    /** Number of convolution weights whose names match a regular expression. */
    long countConvolutions(String pattern) {
        return shapes.entrySet().stream()
                .filter(entry -> entry.getKey().matches(pattern))
                .filter(entry -> entry.getValue().rank() == 4)
                .count();
    }

    /** Reads the values of a tensor. */
    Tensor read(String name) {
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            return reader.tensor(reader.names().contains(name) ? name : WRAPPER_PREFIX + name);
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be read (" + e.getMessage() + "); check the file", e);
        }
    }
}
