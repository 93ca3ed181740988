package dev.tandem.evaluation.data;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.FileNames;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.datasets.files.ParallelCheck;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads translations from a folder. They have the names that {@code translate} writes: {@code NAME-1.png}, {@code
 * NAME-2.png} and so on.
 *
 * @param samples number of translations of each input
 */
public record FolderTranslations(Path folder, ModelImages images, int samples) implements Translations {

    /**
     * Returns the size of the first valid image in a folder, as the setting {@code model.image-size}.
     *
     * @param limits settings with the limits of images
     * @throws UserError if the folder has no valid image
     */
    public static String imageSize(Path folder, Settings limits) {
        List<String> problems = new ArrayList<>();
        for (Path file : ImageFiles.find(List.of(folder))) {
            try {
                BufferedImage image = new ModelImages(limits).original(file);
                return image.getHeight() + "x" + image.getWidth();
            } catch (UserError e) {
                problems.add(e.getMessage());
            }
        }
        throw new UserError("the folder " + folder + " has no valid images; " + problems.get(0));
    }

    @Override
    public String origin() {
        return folder.toString();
    }

    /**
     * Reads the translations of an input; they may have the name of any of its pairs.
     *
     * @throws UserError if a translation is missing
     */
    @Override
    public Samples of(TestInput input) {
        String name = input.names().stream()
                .flatMap(candidate -> FileNames.forms(candidate).stream())
                .filter(candidate -> Files.exists(file(candidate, 1)))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "there is no translation " + file(input.name(), 1) + "; every input needs " + samples));
        return new Samples(
                Optional.empty(),
                Tensor.stack(IntStream.rangeClosed(1, samples)
                        .mapToObj(i -> images.output(file(name, i)))
                        .toList()));
    }

    /**
     * Checks the translations of all inputs, and returns the inputs with valid ones.
     *
     * @throws UserError if too few inputs have valid translations
     */
    public TestSet validInputs(TestSet set, InvalidFiles invalidFiles) {
        Map<Integer, String> problems = ParallelCheck.problems(
                set.inputs(), images.settings().images().decodeParallelism(), this::problem, () -> {});
        List<TestInput> valid = invalidFiles.valid("inputs", set.inputs(), problems);
        return new TestSet(set.name(), set.attribution(), valid).requireEnough();
    }

    private Optional<String> problem(TestInput input) {
        try {
            of(input);
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }

    private Path file(String name, int sample) {
        return folder.resolve(name + "-" + sample + ".png");
    }
}
