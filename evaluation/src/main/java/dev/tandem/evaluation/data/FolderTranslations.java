package dev.tandem.evaluation.data;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/** Translations that another program has made: {@code NAME-1.png}, {@code NAME-2.png}, as {@code translate} names them. */
public record FolderTranslations(Path folder, ModelImages images, int samples) implements Translations {

    @Override
    public String origin() {
        return folder.toString();
    }

    /** @throws UserError if one is missing */
    @Override
    public Samples of(TestInput input) {
        String name = input.names().stream()
                .filter(each -> Files.exists(file(each, 1)))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "there is no translation " + file(input.name(), 1) + "; every input needs " + samples));
        return new Samples(
                Optional.empty(),
                Tensor.stack(IntStream.rangeClosed(1, samples)
                        .mapToObj(i -> images.output(file(name, i)))
                        .toList()));
    }

    private Path file(String name, int sample) {
        return folder.resolve(name + "-" + sample + ".png");
    }
}
