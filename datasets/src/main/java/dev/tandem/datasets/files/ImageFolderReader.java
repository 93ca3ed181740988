package dev.tandem.datasets.files;

import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the names in a folder and its subfolders once.
 *
 * <p>A link to a folder is followed unless its target contains the link or is below a folder that is being read. So loops
 * end, and no image is found a second time through a link beside it.
 */
final class ImageFolderReader {
    /** Folders that operating systems and network drives add to a folder of images. */
    private static final Set<String> SYSTEM_FOLDERS = Set.of("__MACOSX", "@eaDir", "$RECYCLE.BIN");

    private final Path root;
    private final List<Path> images = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();
    private final SortedMap<String, Integer> unsupported = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();
    private final List<String> special = new ArrayList<>();
    private int hidden;

    ImageFolderReader(Path root) {
        this.root = root;
    }

    ImageFolder read() {
        readFolder(root, List.of(realPath(root).orElse(root)));
        if (!unreadable.isEmpty()) {
            throw FileNames.unreadable(root, unreadable);
        }
        return new ImageFolder(
                root,
                images.stream().sorted().toList(),
                new SkippedFiles(hidden, unsupported, broken, repeated, special));
    }

    /** @param trees the real paths of the root and of the links that lead to the folder */
    private void readFolder(Path folder, List<Path> trees) {
        for (Path entry : entries(folder)) {
            boolean isFolder = Files.isDirectory(entry);
            if (isHidden(entry, isFolder)) {
                hidden += isFolder || ImageFormats.isRead(entry) ? 1 : 0;
            } else if (isFolder && Files.isSymbolicLink(entry)) {
                readLinkedFolder(entry, trees);
            } else if (isFolder) {
                readFolder(entry, trees);
            } else {
                readFile(entry);
            }
        }
    }

    private void readLinkedFolder(Path link, List<Path> trees) {
        Path target = realPath(link).orElse(link);
        if (trees.stream().anyMatch(tree -> target.startsWith(tree) || tree.startsWith(target))) {
            repeated.add(name(link));
            return;
        }
        List<Path> longer = new ArrayList<>(trees);
        longer.add(target);
        readFolder(link, longer);
    }

    private void readFile(Path file) {
        if (!Files.exists(file)) {
            broken.add(name(file));
        } else if (ImageFormats.isRead(file)) {
            if (!Files.isRegularFile(file)) {
                special.add(name(file));
            } else if (FileNames.isReadable(file)) {
                images.add(file);
            } else {
                unreadable.add(root.relativize(file));
            }
        } else {
            ImageFormats.unsupported(file).ifPresent(extension -> unsupported.merge(extension, 1, Integer::sum));
        }
    }

    private static boolean isHidden(Path entry, boolean isFolder) {
        String name = entry.getFileName().toString();
        return name.startsWith(".") || isFolder && SYSTEM_FOLDERS.contains(name);
    }

    private String name(Path entry) {
        return root.relativize(entry).toString();
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw unreadable(folder, e);
        } catch (DirectoryIteratorException e) {
            throw unreadable(folder, e.getCause());
        }
        entries.sort(Comparator.naturalOrder());
        return entries;
    }

    private static UserError unreadable(Path folder, IOException cause) {
        return new UserError("cannot read the folder " + folder + " (" + FileFault.reason(cause, folder) + ")", cause);
    }

    /** Empty if the path leads nowhere. */
    private static Optional<Path> realPath(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
