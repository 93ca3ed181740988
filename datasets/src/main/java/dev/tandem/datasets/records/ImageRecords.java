package dev.tandem.datasets.records;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFile;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.encode.PngEncoder;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/** Creates records from image files, for each supported arrangement of pairs. Models with 4 channels get transparency. */
public final class ImageRecords {
    private final ImageDecoder decoder;

    /** @param settings of the model that the records are for */
    public ImageRecords(Settings settings) {
        this.decoder = new ImageDecoder(settings.images(), settings.model().hasAlpha());
    }

    /** Each record is a file, unchanged. */
    public List<ImageRecord> unchanged(List<ImageFile> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(file, () -> ImageFiles.read(file.path())))
                .toList();
    }

    /** Each record is a file with its halves swapped: files with B on the left become A|B. */
    public List<ImageRecord> swapped(List<ImageFile> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(file, () -> swapped(decode(file.path()))))
                .toList();
    }

    /** Each record is the left half of a file: the input A of a pair. */
    public List<ImageRecord> leftHalves(List<ImageFile> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(file, () -> PngEncoder.encode(leftHalf(decode(file.path())))))
                .toList();
    }

    /** Each record is a pair whose B is a file and whose A is the edges of B. */
    public List<ImageRecord> withEdgesAsA(List<ImageFile> files) {
        return files.stream()
                .map(file -> ImageRecord.ofImage(file, () -> {
                    BufferedImage b = decode(file.path());
                    return join(Edges.of(Images.onWhite(b)), b);
                }))
                .toList();
    }

    /**
     * Each record is a pair of two files with the same path in their folders, or with the same name if one of the folders
     * has no subfolders. Extensions may differ. A record without a partner has no valid value.
     *
     * @param a folder of the inputs
     * @param b folder of the outputs
     * @throws UserError if several files of a folder can be the partner of one file
     */
    public List<ImageRecord> paired(Path a, Path b) {
        return new FolderPairs(a, b).records();
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
        BufferedImage joined = new BufferedImage(a.getWidth() + b.getWidth(), a.getHeight(), b.getType());
        Graphics2D graphics = joined.createGraphics();
        // The levels of transparent pixels stay as they are.
        graphics.setComposite(AlphaComposite.Src);
        graphics.drawImage(a, 0, 0, null);
        graphics.drawImage(b, a.getWidth(), 0, null);
        graphics.dispose();
        return PngEncoder.encode(joined);
    }
}
