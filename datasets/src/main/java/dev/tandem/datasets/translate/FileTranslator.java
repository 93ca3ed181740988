package dev.tandem.datasets.translate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.images.encode.TranslationMetadata;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Translates image files into {@code NAME-1.png}, {@code NAME-2.png} and so on. Each PNG contains what reproduces it, as
 * text chunks ({@link TranslationMetadata}).
 *
 * @param out folder for the translations
 * @param pairs whether the files are pairs, whose A is translated
 * @param samples number of translations of each file
 */
public record FileTranslator(CheckpointModel model, Path out, boolean pairs, int samples) {

    /**
     * A translation in a file.
     *
     * @param image the file that was translated
     * @param sample number of the translation among those of the image, from 1
     * @param latent the latent, as in the option {@code --latent}
     * @param seed seed of the random latents of all samples of the image, in decimal, because JavaScript numbers cannot
     *     hold 64 bits; empty if the latent is not random
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Written(String file, String image, int sample, List<Float> latent, String seed) {}

    /** @throws UserError if two images have the same name, because the translations would overwrite each other */
    public static void requireDistinctNames(List<Path> files) {
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            if (!names.add(ImageFiles.stem(file))) {
                throw new UserError("two images have the name " + ImageFiles.stem(file)
                        + "; rename one, or translate them separately with different --out folders");
            }
        }
    }

    /**
     * Translates each file with random latents.
     *
     * @param same whether every file gets the same latents
     */
    public List<Written> withRandomLatents(List<Path> files, long seed, boolean same) {
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            long seedOfFile = same ? seed : Noise.hash(seed, "image." + i);
            Tensor z = Latents.random(seedOfFile, samples, model.latentLength());
            written.addAll(translate(files.get(i), z, OptionalLong.of(seedOfFile)));
        }
        return written;
    }

    /**
     * Translates each file with one latent.
     *
     * @param z (1, L)
     */
    public List<Written> withLatent(List<Path> files, Tensor z) {
        return files.stream()
                .flatMap(file -> translate(file, repeated(z), OptionalLong.empty()).stream())
                .toList();
    }

    private List<Written> translate(Path file, Tensor z, OptionalLong seed) {
        Tensor a = pairs ? model.images().inputOfPair(file) : model.images().input(file);
        Tensor b = model.model().translate(repeated(a), z);
        return IntStream.range(0, samples)
                .mapToObj(i -> write(file, i + 1, b.rows(i, i + 1), z.rows(i, i + 1), seed))
                .toList();
    }

    private Tensor repeated(Tensor one) {
        return Tensor.stack(Collections.nCopies(samples, one));
    }

    private Written write(Path image, int sample, Tensor b, Tensor z, OptionalLong seed) {
        TranslationMetadata metadata = new TranslationMetadata(model.version(), sample, samples, z, seed);
        Path file = out.resolve(ImageFiles.stem(image) + "-" + sample + ".png");
        ImageFiles.write(file, PngEncoder.encode(Images.image(b), metadata.texts()));
        return new Written(
                file.toString(),
                image.toString(),
                sample,
                CheckpointModel.numbers(z).get(0),
                seed.isPresent() ? Long.toString(seed.getAsLong()) : "");
    }
}
