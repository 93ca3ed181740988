package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ImageSize;
import dev.tandem.images.decode.InvalidInput.Reason;

/**
 * Checks whether an image may be resized to the model's size.
 *
 * @param limits smallest side and largest change of the aspect ratio
 * @param modelSize size that images are resized to
 */
record ImageCheck(ImageSettings limits, ImageSize modelSize) {

    /** @throws InvalidInput if the image is too small, or its aspect ratio is too far from the model's */
    void require(int width, int height) throws InvalidInput {
        if (Math.min(width, height) < limits.minSide()) {
            throw new InvalidInput(
                    Reason.TOO_SMALL,
                    "the image is " + width + "x" + height + " pixels; images.min-side requires at least "
                            + limits.minSide());
        }
        double aspect = (double) width / height;
        double modelAspect = (double) modelSize.width() / modelSize.height();
        if (Math.max(aspect / modelAspect, modelAspect / aspect) > limits.maxDistortion()) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "the image is " + width + "x" + height + " pixels and the model's size is " + modelSize.width()
                            + "x" + modelSize.height() + "; images.max-distortion allows the aspect ratios to differ"
                            + " by a factor of " + limits.maxDistortion());
        }
    }
}
