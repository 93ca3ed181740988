package dev.tandem.evaluation.data;

import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings.Validation;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.model.validation.HeldOutPairs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the held-out pairs that {@code train.validation} names. */
public final class ValidationPairs {
    private static final Logger LOG = LoggerFactory.getLogger(ValidationPairs.class);

    private ValidationPairs() {}

    /**
     * Returns the pairs; empty without {@code train.validation.data}.
     *
     * @throws UserError if the folder is missing, or has an invalid file or too few pairs
     */
    public static Optional<HeldOutPairs> read(Settings settings) {
        try {
            return settings.train().validation().data().map(data -> read(data, settings));
        } catch (UserError e) {
            throw new UserError("train.validation.data cannot be used: " + e.getMessage(), e);
        }
    }

    private static HeldOutPairs read(Path data, Settings settings) {
        if (!Files.isDirectory(data)) {
            throw new UserError("there is no folder " + data);
        }
        Validation validation = settings.train().validation();
        InvalidFiles invalid = new InvalidFiles(false, LOG::warn, "; repair or remove them");
        List<TestInput> inputs = new TestSetReader(settings, invalid)
                .read(data.toString())
                .subset(validation.inputs())
                .inputs();
        LOG.info(
                "validation: {} inputs of {}, every {} steps and before each checkpoint but the last one",
                inputs.size(),
                data,
                validation.everySteps());
        return new HeldOutPairs(
                inputs.stream().map(TestInput::a).toList(),
                inputs.stream().map(TestInput::truths).toList());
    }
}
