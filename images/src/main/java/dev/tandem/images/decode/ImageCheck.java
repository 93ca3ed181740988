package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ImageSettings.Fit;
import dev.tandem.config.ImageSize;
import dev.tandem.images.decode.InvalidInput.Reason;

/**
 * Checks whether an image may be fitted to the model's size.
 *
 * @param checked what messages call the image
 * @param limits smallest side, largest change of the aspect ratio, and how images are fitted
 * @param modelSize size that images are fitted to
 */
record ImageCheck(String checked, ImageSettings limits, ImageSize modelSize) {

    /** @throws InvalidInput if the image is too small, or its aspect ratio is too far from the model's */
    void require(int width, int height) throws InvalidInput {
        requireSize(width, height);
        if (limits.scaling().fit() == Fit.STRETCH) {
            requireAspect(width, height);
        }
    }

    private void requireSize(int width, int height) throws InvalidInput {
        Crop used = Placement.of(limits.scaling().fit(), width, height, modelSize.width(), modelSize.height())
                .source();
        if (Math.min(used.width(), used.height()) < limits.minSide()) {
            String part = used.width() == width && used.height() == height
                    ? ""
                    : ", of which images.fit=crop keeps " + used.width() + "x" + used.height();
            throw new InvalidInput(
                    Reason.TOO_SMALL,
                    checked + " is " + width + "x" + height + " pixels" + part + "; images.min-side requires at least "
                            + limits.minSide());
        }
    }

    private void requireAspect(int width, int height) throws InvalidInput {
        double aspect = (double) width / height;
        double modelAspect = (double) modelSize.width() / modelSize.height();
        if (Math.max(aspect / modelAspect, modelAspect / aspect) > limits.maxDistortion()) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    checked + " is " + width + "x" + height + " pixels and the model's size is " + modelSize.width()
                            + "x" + modelSize.height() + "; images.max-distortion allows the aspect ratios to differ"
                            + " by a factor of " + limits.maxDistortion()
                            + "; images.fit=pad or images.fit=crop accepts any aspect ratio");
        }
    }
}
