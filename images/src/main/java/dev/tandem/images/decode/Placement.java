package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings.Fit;

/**
 * How an image is fitted into a frame of another aspect ratio: a part of the image is resized to a part of the frame.
 *
 * <p>Parts have whole pixels: lengths are rounded, and of an odd remainder the larger half is on the right or at the bottom.
 *
 * @param source part of the image
 * @param target part of the frame
 */
record Placement(Crop source, Crop target) {

    static Placement of(Fit fit, int width, int height, int frameWidth, int frameHeight) {
        Crop image = new Crop(0, 0, width, height);
        Crop frame = new Crop(0, 0, frameWidth, frameHeight);
        return switch (fit) {
            case STRETCH -> new Placement(image, frame);
            case PAD -> new Placement(image, largestPart(frame, image));
            case CROP -> new Placement(largestPart(image, frame), frame);
        };
    }

    /** The largest centred part of {@code outer} with the aspect ratio of {@code shape}. */
    private static Crop largestPart(Crop outer, Crop shape) {
        int width = Math.min(outer.width(), rounded(outer.height(), shape.width(), shape.height()));
        int height = Math.min(outer.height(), rounded(outer.width(), shape.height(), shape.width()));
        return new Crop((outer.width() - width) / 2, (outer.height() - height) / 2, width, height);
    }

    /** {@code length * numerator / denominator}, rounded half up in whole numbers, and at least 1. */
    private static int rounded(int length, int numerator, int denominator) {
        long product = (2L * length * numerator + denominator) / (2L * denominator);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, product));
    }
}
