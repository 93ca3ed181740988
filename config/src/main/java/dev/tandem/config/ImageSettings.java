package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.OptionalInt;

/**
 * Limits for the images to decode, and how they are decoded.
 *
 * @param maxPixels maximum width times height
 * @param maxBytes maximum size of a record value
 * @param minSide minimum length of the shorter side, in pixels
 * @param maxDistortion maximum factor between the aspect ratio of an image and that of the model
 * @param decodeParallelism images that a stream decodes at the same time
 * @param depth significant bits of 16-bit samples; empty: as the file states
 */
public record ImageSettings(
        long maxPixels, long maxBytes, int minSide, double maxDistortion, int decodeParallelism, OptionalInt depth) {
    public ImageSettings {
        RangeCheck.range("images.max-pixels", maxPixels, 1, 1_000_000_000);
        RangeCheck.range("images.max-bytes", maxBytes, 1 << 10, 1 << 30);
        RangeCheck.range("images.min-side", minSide, 1, 1024);
        RangeCheck.range("images.max-distortion", maxDistortion, 1, 100);
        RangeCheck.range("images.decode-parallelism", decodeParallelism, 1, 64);
        depth.ifPresent(bits -> RangeCheck.range("images.depth", bits, 9, 16));
    }

    static ImageSettings from(Config tandem) {
        SettingsSection images = SettingsSection.of(tandem, "images");
        return new ImageSettings(
                images.longInteger("max-pixels"),
                images.bytes("max-bytes"),
                images.integer("min-side"),
                images.number("max-distortion"),
                images.integer("decode-parallelism"),
                images.integerOrAuto("depth"));
    }
}
