package dev.tandem.model;

import dev.tandem.model.checkpoint.SafetensorsReader;
import dev.tandem.model.interop.Upstream;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The goldens: results that {@code src/test/python/goldens.py} computed with PyTorch, and the inputs that it computed them
 * from. Inputs follow from a formula, so the files hold results only.
 */
public final class Goldens {
    private Goldens() {}

    /**
     * A copy of a golden in a temporary file. Other modules find the goldens in a jar, but readers need a file.
     *
     * @param name path below the folder of goldens
     */
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

    /**
     * The tensors of a golden, by name.
     *
     * @param name path of a safetensors file below the folder of goldens
     */
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

    /**
     * Files with the weights of networks under the names of an upstream program.
     *
     * @param folder folder below {@code upstream} in the goldens
     */
    public static Map<Member, Path> upstreamFiles(Upstream upstream, String folder, Member... members) {
        Map<Member, String> names = upstream == Upstream.JUNYANZ
                ? Map.of(Member.GENERATOR, "G", Member.ENCODER, "E", Member.D_VAE, "D", Member.D_LR, "D2")
                : Map.of(
                        Member.GENERATOR, "generator",
                        Member.ENCODER, "encoder",
                        Member.D_VAE, "D_VAE",
                        Member.D_LR, "D_LR");
        Map<Member, Path> files = new EnumMap<>(Member.class);
        for (Member member : members) {
            files.put(member, file("upstream/" + folder + "/" + names.get(member) + ".safetensors"));
        }
        return files;
    }

    /** Pseudo-random numbers in [-1, 1) that follow from a name: {@code uniform} in the script. */
    public static Tensor uniform(String name, Shape shape) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
        }
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            long x = hash + (i + 1) * 0x9E3779B97F4A7C15L;
            x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
            x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
            x = x ^ (x >>> 31);
            data[i] = (float) ((x >>> 40) / (double) (1 << 23) - 1);
        }
        return new Tensor(shape, data);
    }

    /** Latents: {@code 2 uniform} in the script. */
    public static Tensor latent(String name, Shape shape) {
        Tensor latent = uniform(name, shape);
        for (int i = 0; i < latent.data().length; i++) {
            latent.data()[i] *= 2;
        }
        return latent;
    }

    /** The initial value of a parameter, by its name in checkpoints: {@code first_value} in the script. */
    public static Tensor initialValue(String name, Shape shape) {
        Tensor uniform = uniform(name, shape);
        boolean aroundOne = name.endsWith("running_var") || name.endsWith("norm.weight");
        double scale = shape.rank() == 1 ? 0.25 : Math.sqrt(3.0 / (shape.size() / shape.dim(0)));
        for (int i = 0; i < uniform.data().length; i++) {
            uniform.data()[i] = (float) ((aroundOne ? 1 : 0) + scale * uniform.data()[i]);
        }
        return uniform;
    }
}
