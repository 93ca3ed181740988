package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "translate",
        description = "Translate image files with a checkpoint, without Kafka; writes NAME-1.png, NAME-2.png, ...",
        footer = {"", "Example:", "  tandem translate --checkpoint checkpoints --samples 5 --out out drawing.png"})
final class TranslateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Translations of each image, 1 to 1000. Default: 5; 1 with --latent or --style.")
    private Optional<Integer> samples = Optional.empty();

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of the latents. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--latent", split = ",", paramLabel = "Z", description = "The latent itself, comma-separated.")
    private List<Float> latent = List.of();

    @Option(names = "--style", paramLabel = "B.png", description = "Take the latent from this picture of the B side.")
    private Optional<Path> style = Optional.empty();

    @Option(names = "--sync", description = "The same latents for every image.")
    private boolean sync;

    @Option(names = "--only-a", description = "The images are pairs: translate the half A of each.")
    private boolean onlyA;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the translations.")
    private Path out;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Images, and folders of them.")
    private List<Path> images;

    @Override
    public Integer call() {
        if (!latent.isEmpty() && style.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--latent and --style cannot both be given");
        }
        int count = samples.orElse(latent.isEmpty() && style.isEmpty() ? 5 : 1);
        if (count < 1 || count > 1000) {
            throw new ParameterException(spec.commandLine(), "--samples is " + count + ", but must be 1 to 1000");
        }
        List<Path> files = ImageFiles.find(images);
        refuseSameNames(files);
        Checkpoint opened = checkpoint.open();
        ModelImages pictures = new ModelImages(Settings.ofProvenance(opened.settings()));
        ImageFiles.createFolder(out);
        try (BicycleGan model = CheckpointOption.model(opened)) {
            for (int i = 0; i < files.size(); i++) {
                Tensor a = onlyA ? pictures.inputOfPair(files.get(i)) : pictures.input(files.get(i));
                Tensor z = latents(model, pictures, count, i);
                write(model.translate(Tensor.stack(Collections.nCopies(count, a)), z), files.get(i));
            }
        }
        output.print(
                spec.commandLine().getOut(),
                new TreeMap<>(Map.of(
                        "translations", files.size() * count,
                        "out", out.toString(),
                        "checkpoint", opened.folder().toString())));
        return 0;
    }

    /** Two images of one name would write over each other's translations. */
    private static void refuseSameNames(List<Path> files) {
        Set<String> seen = new HashSet<>();
        for (Path file : files) {
            if (!seen.add(ImageFiles.stem(file))) {
                throw new UserError("two images are called " + ImageFiles.stem(file)
                        + "; translate them into folders of their own");
            }
        }
    }

    /** (count, L) */
    private Tensor latents(BicycleGan model, ModelImages pictures, int count, int image) {
        int length = model.latents(1).channels();
        if (style.isPresent()) {
            return Tensor.stack(
                    Collections.nCopies(count, CheckpointOption.styles(model, pictures, List.of(style.get()))));
        }
        if (!latent.isEmpty()) {
            return Tensor.stack(Collections.nCopies(count, given(length)));
        }
        // Like the seeds of records: every image its own, unless they are to go together.
        long own = sync ? seed : Noise.hash(seed, "image." + image);
        return Latents.drawn(own, count, length);
    }

    private Tensor given(int length) {
        if (latent.size() != length) {
            throw new UserError("--latent has " + latent.size() + " numbers, but this model's latent has " + length);
        }
        Tensor z = Tensor.zeros(1, length);
        for (int i = 0; i < length; i++) {
            z.data()[i] = latent.get(i);
        }
        return z;
    }

    private void write(Tensor translations, Path source) {
        for (int i = 0; i < translations.shape().batch(); i++) {
            byte[] png = PngEncoder.encode(Images.image(translations.rows(i, i + 1)));
            ImageFiles.write(out.resolve(ImageFiles.stem(source) + "-" + (i + 1) + ".png"), png);
        }
    }
}
