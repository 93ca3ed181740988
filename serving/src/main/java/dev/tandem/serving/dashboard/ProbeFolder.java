package dev.tandem.serving.dashboard;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * Folder of probe sheets, one PNG file per probed step.
 *
 * <p>When there are more than {@code maxSheets}, every second sheet is removed, except the first and the newest.
 */
record ProbeFolder(Path folder, int maxSheets) {
    private static final String UNFINISHED = ".unfinished";
    private static final Pattern NAME = Pattern.compile("step-(\\d{10})\\.png");

    /** The steps that have a sheet, in ascending order. */
    SortedSet<Long> steps() {
        SortedSet<Long> steps = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                files.forEach(file -> step(file).ifPresent(steps::add));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return steps;
    }

    /** The sheet of a step, as PNG; empty if the step has none. */
    Optional<byte[]> read(long step) {
        try {
            return Files.exists(file(step)) ? Optional.of(Files.readAllBytes(file(step))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest sheet; empty if there is none or it cannot be decoded. */
    Optional<BufferedImage> newestSheet() {
        SortedSet<Long> steps = steps();
        return steps.isEmpty() ? Optional.empty() : read(steps.last()).flatMap(ProbeFolder::decode);
    }

    /** Writes the sheet of a step and removes the sheets of later steps, which a crash has undone. */
    void write(long step, byte[] png) {
        Path unfinished = folder.resolve(UNFINISHED);
        try {
            Files.createDirectories(folder);
            Files.write(unfinished, png);
            Files.move(unfinished, file(step), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(unfinished);
            throw new UncheckedIOException(e);
        }
        steps().tailSet(step + 1).forEach(this::delete);
        thinOut();
    }

    void clear() {
        steps().forEach(this::delete);
    }

    private void thinOut() {
        Long[] steps = steps().toArray(Long[]::new);
        if (steps.length > maxSheets) {
            for (int i = steps.length - 2; i > 0; i -= 2) {
                delete(steps[i]);
            }
        }
    }

    private void delete(long step) {
        delete(file(step));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(long step) {
        return folder.resolve(String.format("step-%010d.png", step));
    }

    private static Optional<Long> step(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    private static Optional<BufferedImage> decode(byte[] png) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(png)));
        } catch (IOException | RuntimeException e) {
            // Image readers also throw unchecked exceptions for damaged files.
            return Optional.empty();
        }
    }
}
