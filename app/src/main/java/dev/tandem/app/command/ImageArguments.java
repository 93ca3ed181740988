package dev.tandem.app.command;

import dev.tandem.datasets.files.ImageFiles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The images that a command translates: arguments {@code IMAGE}. */
final class ImageArguments {
    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Image files and folders.")
    private List<Path> paths;

    /** All image files, including those in the folders and below. */
    List<Path> files() {
        return ImageFiles.find(paths);
    }
}
