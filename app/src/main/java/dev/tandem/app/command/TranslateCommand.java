package dev.tandem.app.command;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "translate",
        description = {
            "Translate image files with a checkpoint, without Kafka.",
            "The translations of NAME.png are NAME-1.png, NAME-2.png, ..."
        },
        footer = {"", "Example:", "  tandem translate --checkpoint checkpoints --samples 5 --out out drawing.png"})
final class TranslateCommand implements Callable<Integer> {
    private static final int DEFAULT_SAMPLES = 5;
    private static final int MAX_SAMPLES = 1000;

    @Mixin
    private CommandOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Translations per image, 1 to 1000. Default: 5; 1 with --latent or --style.")
    private Optional<Integer> samples = Optional.empty();

    @Mixin
    private LatentSeedOption latents;

    @Option(
            names = "--latent",
            split = ",",
            paramLabel = "Z",
            description = "Use this latent: its numbers, separated by commas.")
    private List<Float> latent = List.of();

    @Option(names = "--style", paramLabel = "B.png", description = "Use the latent of this image of the B side.")
    private Optional<Path> style = Optional.empty();

    @Option(names = "--sync", description = "Use the same random latents for every image.")
    private boolean sync;

    @Option(names = "--only-a", description = "The images are pairs: translate half A of each.")
    private boolean onlyA;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the translations.")
    private Path out;

    @Mixin
    private ImageArguments images;

    @Override
    public Integer call() {
        UsageException.require(latent.isEmpty() || style.isEmpty(), "--latent and --style cannot be combined");
        int count = samples.orElse(latent.isEmpty() && style.isEmpty() ? DEFAULT_SAMPLES : 1);
        UsageException.requireRange("--samples", count, 1, MAX_SAMPLES);
        List<Path> files = images.files();
        requireDistinctNames(files);
        try (CheckpointModel opened = checkpoint.openModel()) {
            ImageFiles.createFolder(out);
            Optional<Tensor> given = givenLatent(opened);
            for (int i = 0; i < files.size(); i++) {
                Tensor a = onlyA
                        ? opened.images().inputOfPair(files.get(i))
                        : opened.images().input(files.get(i));
                Tensor z = given.isPresent()
                        ? repeated(given.get(), count)
                        : randomLatents(i, count, opened.latentLength());
                write(opened.model().translate(repeated(a, count), z), files.get(i));
            }
            output.printResult(new TreeMap<>(Map.of(
                    "translations", files.size() * count,
                    "out", out.toString(),
                    "checkpoint", opened.checkpoint().folder().toString())));
            return 0;
        }
    }

    /** Two images with one name would overwrite each other's translations. */
    private static void requireDistinctNames(List<Path> files) {
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            if (!names.add(ImageFiles.stem(file))) {
                throw new UserError("two images have the name " + ImageFiles.stem(file)
                        + "; rename one, or translate them separately with different --out folders");
            }
        }
    }

    /** The latent of {@code --style} or {@code --latent}, (1, L). */
    private Optional<Tensor> givenLatent(CheckpointModel opened) {
        if (style.isPresent()) {
            return Optional.of(opened.encode(List.of(style.get())));
        }
        return latent.isEmpty() ? Optional.empty() : Optional.of(latentTensor(opened.latentLength()));
    }

    private Tensor latentTensor(int length) {
        if (latent.size() != length) {
            throw new UserError(
                    "--latent has " + latent.size() + " numbers, but the latent of this model has " + length);
        }
        Tensor z = Tensor.zeros(1, length);
        for (int i = 0; i < length; i++) {
            z.data()[i] = latent.get(i);
        }
        return z;
    }

    /** (count, L). Each image has its own latents unless {@code --sync} is set. */
    private Tensor randomLatents(int image, int count, int length) {
        long seed = sync ? latents.seed() : Noise.hash(latents.seed(), "image." + image);
        return Latents.random(seed, count, length);
    }

    private static Tensor repeated(Tensor one, int count) {
        return Tensor.stack(Collections.nCopies(count, one));
    }

    private void write(Tensor translations, Path source) {
        for (int i = 0; i < translations.shape().batch(); i++) {
            byte[] png = PngEncoder.encode(Images.image(translations.rows(i, i + 1)));
            ImageFiles.write(out.resolve(ImageFiles.stem(source) + "-" + (i + 1) + ".png"), png);
        }
    }
}
