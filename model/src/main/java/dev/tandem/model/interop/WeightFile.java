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
 * The tensors of one network in a safetensors file: their shapes at once, their values when asked for.
 *
 * @param floats names of those that are float32
 */
record WeightFile(Path path, Map<String, Shape> shapes, Set<String> floats) {
    /** What a model that was saved inside a wrapper for several GPUs has before every name. */
    private static final String WRAPPER = "module.";

    /** @throws CheckpointException if it cannot be read */
    static WeightFile open(Path path) {
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            Map<String, Shape> shapes = new TreeMap<>();
            Set<String> floats = new HashSet<>();
            for (String stored : reader.names()) {
                String name = stored.startsWith(WRAPPER) ? stored.substring(WRAPPER.length()) : stored;
                shapes.put(name, reader.shape(stored));
                if (reader.isFloat32(stored)) {
                    floats.add(name);
                }
            }
            return new WeightFile(path, shapes, floats);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException(
                    path + " cannot be read as safetensors (" + e.getMessage()
                            + "); docs/how-to/exchange-weights.md says how to make one of a .pth",
                    e);
        }
    }

    Optional<Shape> shape(String name) {
        return Optional.ofNullable(shapes.get(name));
    }

    /** @throws CheckpointException if there is none, so that it cannot be this network of that program */
    Shape required(String name) {
        return shape(name)
                .orElseThrow(() -> new CheckpointException(path + " has no tensor " + name
                        + "; is it this network of that program? It has "
                        + shapes.keySet().stream().limit(3).toList() + " and so on"));
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    boolean isFloat32(String name) {
        return floats.contains(name);
    }

    /** Number of tensors whose names match, counting convolution weights only if asked. */
    long count(String pattern, boolean convolutions) {
        return shapes.entrySet().stream()
                .filter(entry -> entry.getKey().matches(pattern))
                .filter(entry -> !convolutions || entry.getValue().rank() == 4)
                .count();
    }

    Tensor read(String name) {
        try (SafetensorsReader reader = new SafetensorsReader(path)) {
            return reader.tensor(reader.names().contains(name) ? name : WRAPPER + name);
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
