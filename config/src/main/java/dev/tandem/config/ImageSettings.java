package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.OptionalInt;

/**
 * Limits for the images to decode, how they are decoded, and how they get the model's size.
 *
 * @param maxPixels maximum width times height
 * @param maxBytes maximum size of a record value
 * @param minSide minimum length of the shorter side, in pixels
 * @param maxDistortion maximum factor between the aspect ratio of an image and that of the model
 * @param decodeParallelism images that each stream, and the HTTP server, decodes at the same time
 * @param depth significant bits of 16-bit samples; empty: as the file states
 * @param scaling how images get the model's size
 */
public record ImageSettings(
        long maxPixels,
        long maxBytes,
        int minSide,
        double maxDistortion,
        int decodeParallelism,
        OptionalInt depth,
        Scaling scaling) {
    private static final int MAX_PARALLELISM = 256;

    /** How an image of another aspect ratio gets that of the model. */
    public enum Fit {
        STRETCH,
        PAD,
        CROP
    }

    /** How the pixels of a resized image are computed. */
    public enum Filter {
        BICUBIC,
        NEAREST
    }

    /**
     * How images get the model's size.
     *
     * @param a filter of the model's inputs
     * @param b filter of the model's outputs
     */
    public record Scaling(Fit fit, Filter a, Filter b) {}

    public ImageSettings {
        RangeCheck.range("images.max-pixels", maxPixels, 1, 1_000_000_000);
        RangeCheck.range("images.max-bytes", maxBytes, 1 << 10, 1 << 30);
        RangeCheck.range("images.min-side", minSide, 1, 1024);
        RangeCheck.range("images.max-distortion", maxDistortion, 1, 100);
        RangeCheck.range("images.decode-parallelism", decodeParallelism, 1, MAX_PARALLELISM);
        depth.ifPresent(bits -> RangeCheck.range("images.depth", bits, 9, 16));
    }

    /** Returns the number of cores that the JVM may use, and at most the maximum of the setting. */
    private static int cores() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MAX_PARALLELISM);
    }

    static ImageSettings from(Config tandem) {
        SettingsSection images = SettingsSection.of(tandem, "images");
        return new ImageSettings(
                images.longInteger("max-pixels"),
                images.bytes("max-bytes"),
                images.integer("min-side"),
                images.number("max-distortion"),
                images.integerOrAuto("decode-parallelism").orElseGet(ImageSettings::cores),
                images.integerOrAuto("depth"),
                scaling(images));
    }

    private static Scaling scaling(SettingsSection images) {
        // An invalid value of `resize` is that of the two others too; the message must name the key that was set.
        images.choice("resize", Filter.class);
        return new Scaling(
                images.choice("fit", Fit.class),
                images.choice("resize-a", Filter.class),
                images.choice("resize-b", Filter.class));
    }
}
