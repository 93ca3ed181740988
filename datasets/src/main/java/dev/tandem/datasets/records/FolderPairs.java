package dev.tandem.datasets.records;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.FileNames;
import dev.tandem.datasets.files.ImageFile;
import dev.tandem.datasets.files.ImageFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Pairs the images of two folders.
 *
 * @param a folder of the inputs
 * @param b folder of the outputs
 */
record FolderPairs(Path a, Path b) {

    List<ImageRecord> records() {
        List<ImageFile> inFolderA = ImageFiles.named(List.of(a));
        List<ImageFile> inFolderB = ImageFiles.named(List.of(b));
        boolean byPath = hasSubfolders(inFolderA) && hasSubfolders(inFolderB);
        Function<ImageFile, String> identity = byPath ? FolderPairs::path : file -> ImageFiles.stem(file.path());
        SortedMap<String, ImageFile> filesOfA = byIdentity(a, inFolderA, identity);
        SortedMap<String, ImageFile> filesOfB = byIdentity(b, inFolderB, identity);
        List<ImageRecord> records = new ArrayList<>();
        filesOfA.forEach((name, file) -> records.add(Optional.ofNullable(filesOfB.get(name))
                .map(partner -> pair(file, partner))
                .orElseGet(() -> unpaired(file, b))));
        filesOfB.forEach((name, file) -> {
            if (!filesOfA.containsKey(name)) {
                records.add(unpaired(file, a));
            }
        });
        return records;
    }

    private static boolean hasSubfolders(List<ImageFile> files) {
        return files.stream().anyMatch(file -> Path.of(file.name()).getNameCount() > 1);
    }

    /** The path in the folder, without extension. */
    private static String path(ImageFile file) {
        return Path.of(file.name()).resolveSibling(ImageFiles.stem(file.path())).toString();
    }

    /** The files by identity, in the composed form of Unicode, because file systems differ in the form that they use. */
    private static SortedMap<String, ImageFile> byIdentity(
            Path folder, List<ImageFile> files, Function<ImageFile, String> identity) {
        SortedMap<String, ImageFile> found = new TreeMap<>();
        for (ImageFile file : files) {
            ImageFile other = found.put(FileNames.composed(identity.apply(file)), file);
            if (other != null) {
                boolean sameText = identity.apply(other).equals(identity.apply(file));
                throw new UserError(
                        "in " + folder + ", " + other.name() + " and " + file.name() + " have the same name "
                                + (sameText ? "without extension" : "in different Unicode forms (NFC, NFD)")
                                + ", so their partner is ambiguous; rename one of them");
            }
        }
        return found;
    }

    private static ImageRecord pair(ImageFile a, ImageFile b) {
        return record(a, List.of(a, b), () -> parts(ImageFiles.read(a.path()), ImageFiles.read(b.path())));
    }

    private static ImageRecord unpaired(ImageFile file, Path partnerFolder) {
        return record(file, List.of(file), () -> {
            throw new UserError("has no partner in " + partnerFolder);
        });
    }

    private static ImageRecord record(ImageFile file, List<ImageFile> files, Supplier<byte[]> loader) {
        return new ImageRecord(ImageFiles.stem(file.path()), file.name(), Optional.of("parts"), files, loader);
    }

    /** Two images, each preceded by its length; docs/reference/messages.md defines this layout. */
    private static byte[] parts(byte[] a, byte[] b) {
        return ByteBuffer.allocate(2 * Integer.BYTES + a.length + b.length)
                .putInt(a.length)
                .put(a)
                .putInt(b.length)
                .put(b)
                .array();
    }
}
