package dev.tandem.app.command;

import dev.tandem.datasets.files.ImageFile;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.datasets.records.ImageRecords;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files to send, and how pairs are made from them. */
final class ImageRecordOptions {
    private enum Layout {
        AB,
        BA
    }

    @Option(
            names = "--layout",
            paramLabel = "ab|ba",
            defaultValue = "ab",
            description = "ab: A is the left half of each file. ba: A is the right half. Default: ${DEFAULT-VALUE}.")
    private Layout layout;

    @Option(names = "--a", paramLabel = "DIR", description = "Folder of the images A. Use it together with --b.")
    private Optional<Path> folderA = Optional.empty();

    @Option(
            names = "--b",
            paramLabel = "DIR",
            description = "Folder of the images B. Each has the path and name of its A.")
    private Optional<Path> folderB = Optional.empty();

    @Option(names = "--edges", description = "The files are the images B. Each A is made from the edges of B.")
    private boolean edges;

    @Option(names = "--only-a", description = "The files are pairs. Send only A, as a translation request.")
    private boolean onlyA;

    @Parameters(arity = "0..*", paramLabel = "DIR|FILE", description = "Image files and folders.")
    private List<Path> paths = List.of();

    /**
     * Checks that the options can be combined.
     *
     * @param toPairs whether the records go to the topic of pairs
     * @throws UsageException if they cannot
     */
    void requireValid(boolean toPairs) {
        boolean folders = folderA.isPresent() || folderB.isPresent();
        UsageException.require(folderA.isPresent() == folderB.isPresent(), "--a and --b must be used together");
        UsageException.require(!folders || paths.isEmpty(), "--a and --b cannot be combined with other files");
        UsageException.require(folders || !paths.isEmpty(), "no files are given");
        long pairOptions = Stream.of(folders, edges, layout == Layout.BA)
                .filter(isUsed -> isUsed)
                .count();
        UsageException.require(
                pairOptions <= 1, "only one of --a with --b, --edges and --layout ba can be used at a time");
        UsageException.require(
                toPairs || pairOptions == 0,
                "--a, --b, --edges and --layout ba make pairs for the topic of pairs only");
        UsageException.require(
                !toPairs || !onlyA, "--only-a makes translation requests, not pairs; add --topic sources");
    }

    /** The records to send. Files are read when the value of a record is needed. */
    List<ImageRecord> records(ImageRecords records) {
        if (folderA.isPresent() && folderB.isPresent()) {
            return records.paired(folderA.get(), folderB.get());
        }
        List<ImageFile> files = ImageFiles.named(paths);
        if (edges) {
            return records.withEdgesAsA(files);
        }
        if (onlyA) {
            return records.leftHalves(files);
        }
        return layout == Layout.BA ? records.swapped(files) : records.unchanged(files);
    }
}
