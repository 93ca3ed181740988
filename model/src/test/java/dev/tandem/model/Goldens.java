package dev.tandem.model;

import dev.tandem.model.checkpoint.SafetensorsReader;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What src/test/python/goldens.py wrote, and the numbers by formula that it computed it from. */
public final class Goldens {
    private Goldens() {}

    /** A copy of a golden as a file of its own, as the goldens of another module are in a jar. */
    public static Path file(String name) {
        try (InputStream golden = Objects.requireNonNull(Goldens.class.getResourceAsStream("/goldens/" + name), name)) {
            Path copy = Files.createTempFile("golden-", ".tmp");
            copy.toFile().deleteOnExit();
            Files.copy(golden, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Map<String, Tensor> tensors(String name) {
        try (SafetensorsReader reader = new SafetensorsReader(file(name))) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (String key : reader.names()) {
                tensors.put(key, reader.tensor(key));
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The script's {@code uniform}. */
    public static Tensor uniform(String name, Shape shape) {
        long start = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            start = (start ^ (b & 0xff)) * 0x100000001B3L;
        }
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            long x = start + (i + 1) * 0x9E3779B97F4A7C15L;
            x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
            x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
            x = x ^ (x >>> 31);
            data[i] = (float) ((x >>> 40) / (double) (1 << 23) - 1);
        }
        return new Tensor(shape, data);
    }

    /** The script's {@code first_value}. */
    public static Tensor firstValue(String name, Shape shape) {
        Tensor uniform = uniform(name, shape);
        boolean aroundOne = name.endsWith("running_var") || name.endsWith("norm.weight");
        double scale = shape.rank() == 1 ? 0.25 : Math.sqrt(3.0 / (shape.size() / shape.dim(0)));
        for (int i = 0; i < uniform.data().length; i++) {
            uniform.data()[i] = (float) ((aroundOne ? 1 : 0) + scale * uniform.data()[i]);
        }
        return uniform;
    }
}
