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

/** Creates records from image files, for each supported arrangement of pairs. */
public final class ImageRecords {
    private static final int MAX_NAMES_IN_MESSAGE = 5;

    private final ImageDecoder decoder;

    public ImageRecords(ImageSettings limits) {
        this.decoder = new ImageDecoder(limits);
    }

    /** Each record is a file, unchanged. */
    public List<ImageRecord> unchanged(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(name(file), () -> ImageFiles.read(file)))
                .toList();
    }

    /** Each record is a file with its halves swapped: files with B on the left become A|B. */
    public List<ImageRecord> swapped(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(name(file), () -> swapped(decode(file))))
                .toList();
    }

    /** Each record is the left half of a file: the input A of a pair. */
    public List<ImageRecord> leftHalves(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(name(file), () -> PngEncoder.encode(leftHalf(decode(file)))))
                .toList();
    }

    /** Each record is a pair whose B is a file and whose A is the edges of B. */
    public List<ImageRecord> withEdgesAsA(List<Path> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(name(file), () -> {
                    BufferedImage b = decode(file);
                    return join(Edges.of(b), b);
                }))
                .toList();
    }

    /**
     * Each record is a pair of two files that have the same name without extension.
     *
     * @param a folder of the inputs
     * @param b folder of the outputs
     * @throws UserError if a file has no partner, or two files of a folder have the same name
     */
    public List<ImageRecord> pairedByName(Path a, Path b) {
        Map<String, Path> filesOfA = byStem(a);
        Map<String, Path> filesOfB = byStem(b);
        requirePartners(filesOfA, filesOfB, b);
        requirePartners(filesOfB, filesOfA, a);
        List<ImageRecord> records = new ArrayList<>();
        filesOfA.forEach((stem, file) -> records.add(new ImageRecord(
                stem, Optional.of("parts"), () -> parts(ImageFiles.read(file), ImageFiles.read(filesOfB.get(stem))))));
        return records;
    }

    private static Map<String, Path> byStem(Path folder) {
        Map<String, Path> files = new TreeMap<>();
        for (Path file : ImageFiles.find(List.of(folder))) {
            Path other = files.put(ImageFiles.stem(file), file);
            if (other != null) {
                throw new UserError(other + " and " + file
                        + " have the same name without extension, so their partner is ambiguous; rename one of them");
            }
        }
        return files;
    }

    private static void requirePartners(Map<String, Path> files, Map<String, Path> partners, Path partnerFolder) {
        TreeSet<String> unpaired = new TreeSet<>(files.keySet());
        unpaired.removeAll(partners.keySet());
        if (!unpaired.isEmpty()) {
            String names = String.join(
                    ", ", unpaired.stream().limit(MAX_NAMES_IN_MESSAGE).toList());
            throw new UserError(unpaired.size() + (unpaired.size() == 1 ? " file has" : " files have")
                    + " no partner in " + partnerFolder + ": " + names
                    + (unpaired.size() > MAX_NAMES_IN_MESSAGE ? ", ..." : ""));
        }
    }

    private BufferedImage decode(Path file) {
        try {
            return decoder.decode(ImageFiles.read(file));
        } catch (InvalidInput e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static byte[] swapped(BufferedImage image) {
        int half = image.getWidth() / 2;
        BufferedImage rightHalf = Images.crop(image, new Crop(half, 0, image.getWidth() - half, image.getHeight()));
        return join(rightHalf, leftHalf(image));
    }

    private static BufferedImage leftHalf(BufferedImage image) {
        return Images.crop(image, new Crop(0, 0, image.getWidth() / 2, image.getHeight()));
    }

    private static byte[] join(BufferedImage a, BufferedImage b) {
        BufferedImage joined =
                new BufferedImage(a.getWidth() + b.getWidth(), a.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = joined.createGraphics();
        // Transparency becomes white, as in the decoder of the training stream.
        graphics.drawImage(a, 0, 0, Color.WHITE, null);
        graphics.drawImage(b, a.getWidth(), 0, Color.WHITE, null);
        graphics.dispose();
        return PngEncoder.encode(joined);
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

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
