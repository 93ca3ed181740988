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

/** Probe sheets as files, one for each step that was probed; when they become too many, every second one goes. */
record ProbeFolder(Path folder, int most) {
    private static final String UNFINISHED = ".unfinished";
    private static final Pattern NAME = Pattern.compile("step-(\\d{10})\\.png");

    /** The steps there are sheets of, in their order. */
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

    /** Empty if there is none of that step. */
    Optional<byte[]> read(long step) {
        try {
            return Files.exists(file(step)) ? Optional.of(Files.readAllBytes(file(step))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<BufferedImage> newest() {
        SortedSet<Long> steps = steps();
        return steps.isEmpty() ? Optional.empty() : read(steps.last()).flatMap(ProbeFolder::decoded);
    }

    /** Writes one; those of later steps are of a time that was lost in a crash. */
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
        if (steps.length > most) {
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

    private static Optional<BufferedImage> decoded(byte[] png) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(png)));
        } catch (IOException | RuntimeException e) {
            // Readers of pictures fail in ways of all kinds.
            return Optional.empty();
        }
    }
}
