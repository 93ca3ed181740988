package dev.tandem.datasets.records;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.encode.PngEncoder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ways in which people keep pairs of pictures, as records. */
public final class ImageRecords {
    private static final int NAMED = 5;

    private final ImageDecoder decoder;

    public ImageRecords(ImageSettings limits) {
        this.decoder = new ImageDecoder(limits);
    }

    /** Files as they are. */
    public List<ImageRecord> asTheyAre(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.picture(name(file), () -> ImageFiles.read(file)))
                .toList();
    }

    /** Files with B left and A right. */
    public List<ImageRecord> turnedRound(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.picture(name(file), () -> turnedRound(picture(file))))
                .toList();
    }

    /** The left half of each, which is to be translated. */
    public List<ImageRecord> onlyA(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.picture(name(file), () -> PngEncoder.encode(left(picture(file)))))
                .toList();
    }

    /** Photos as B, with their edges as A. */
    public List<ImageRecord> withEdges(List<Path> photos) {
        return photos.stream()
                .map(photo -> ImageRecord.picture(name(photo), () -> {
                    BufferedImage b = picture(photo);
                    return joined(Edges.of(b), b);
                }))
                .toList();
    }

    /**
     * Two folders, matched by the files' names without their endings.
     *
     * @throws UserError that names those without a partner
     */
    public List<ImageRecord> matched(Path a, Path b) {
        Map<String, Path> left = byStem(a);
        Map<String, Path> right = byStem(b);
        requirePartners(left, right, b);
        requirePartners(right, left, a);
        List<ImageRecord> items = new ArrayList<>();
        left.forEach((stem, file) -> items.add(new ImageRecord(
                stem, Optional.of("parts"), () -> parts(ImageFiles.read(file), ImageFiles.read(right.get(stem))))));
        return items;
    }

    private static Map<String, Path> byStem(Path folder) {
        Map<String, Path> files = new TreeMap<>();
        for (Path file : ImageFiles.find(List.of(folder))) {
            Path before = files.put(ImageFiles.stem(file), file);
            if (before != null) {
                throw new UserError(before + " and " + file + " have the same name; which belongs to its partner?");
            }
        }
        return files;
    }

    private static void requirePartners(Map<String, Path> files, Map<String, Path> partners, Path folder) {
        TreeSet<String> alone = new TreeSet<>(files.keySet());
        alone.removeAll(partners.keySet());
        if (!alone.isEmpty()) {
            String names = String.join(", ", alone.stream().limit(NAMED).toList());
            throw new UserError(alone.size() + " files have no partner in " + folder + ": " + names
                    + (alone.size() > NAMED ? ", ..." : ""));
        }
    }

    private BufferedImage picture(Path file) {
        try {
            return decoder.decode(ImageFiles.read(file));
        } catch (InvalidInput e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static byte[] turnedRound(BufferedImage picture) {
        int half = picture.getWidth() / 2;
        return joined(
                Images.part(picture, new Crop(half, 0, picture.getWidth() - half, picture.getHeight())), left(picture));
    }

    private static BufferedImage left(BufferedImage picture) {
        return Images.part(picture, new Crop(0, 0, picture.getWidth() / 2, picture.getHeight()));
    }

    private static byte[] joined(BufferedImage a, BufferedImage b) {
        BufferedImage joined =
                new BufferedImage(a.getWidth() + b.getWidth(), a.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = joined.createGraphics();
        // On white, as the trainer has it.
        graphics.drawImage(a, 0, 0, Color.WHITE, null);
        graphics.drawImage(b, a.getWidth(), 0, Color.WHITE, null);
        graphics.dispose();
        return PngEncoder.encode(joined);
    }

    /** Each behind its length, as docs/reference/messages.md has it. */
    private static byte[] parts(byte[] a, byte[] b) {
        return ByteBuffer.allocate(2 * Integer.BYTES + a.length + b.length)
                .putInt(a.length)
                .put(a)
                .putInt(b.length)
                .put(b)
                .array();
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
