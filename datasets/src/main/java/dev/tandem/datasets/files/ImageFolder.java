package dev.tandem.datasets.files;

import dev.tandem.config.UserError;
import java.nio.file.Path;
import java.util.List;

/**
 * The images in a folder and its subfolders. Links are followed.
 *
 * @param images sorted paths that begin with the folder
 * @param skipped what the folder also contains
 */
record ImageFolder(Path folder, List<Path> images, SkippedFiles skipped) {

    /**
     * Reads the names in a folder and its subfolders.
     *
     * @throws UserError if a folder cannot be read, there are no images, or the locale cannot represent a name
     */
    static ImageFolder read(Path folder) {
        ImageFolder read = new ImageFolderReader(folder).read();
        if (read.images().isEmpty()) {
            throw new UserError(read.skipped().describe().stream()
                    .reduce(
                            "the folder " + folder + " has no images (" + ImageFormats.SUPPORTED + ")",
                            (text, skipped) -> text + "; skipped " + skipped));
        }
        return read;
    }
}
