package dev.tandem.app.command;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.translate.CheckpointModel;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The images that a command translates: arguments {@code IMAGE} and option {@code --skip-unusable}. */
final class ImageArguments {
    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Image files and folders.")
    private List<Path> paths;

    @Mixin
    private SkipUnusableOption invalid;

    /** All image files, including those in the folders and below. */
    List<Path> files() {
        return ImageFiles.find(paths);
    }

    /**
     * The files that a model can translate.
     *
     * @param pairs whether the files are pairs, whose A is translated
     */
    List<Path> valid(List<Path> files, CheckpointModel model, boolean pairs, CommandOutput output) {
        List<Path> valid = invalid.invalidFiles(output, "; nothing was written")
                .valid("files", files, model.images().problems(files, pairs));
        if (valid.isEmpty()) {
            throw new UserError((files.size() == 1
                            ? "the only file is not valid"
                            : "none of the " + files.size() + " files is valid")
                    + "; nothing was written");
        }
        return valid;
    }
}
