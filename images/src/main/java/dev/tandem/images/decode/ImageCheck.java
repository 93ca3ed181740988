package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ImageSize;
import dev.tandem.images.decode.InvalidInput.Reason;

/** Whether a picture is fit to be resized to the model's size. */
record ImageCheck(ImageSettings images, ImageSize size) {

    void require(int width, int height) throws InvalidInput {
        if (Math.min(width, height) < images.minSide()) {
            throw new InvalidInput(
                    Reason.TOO_SMALL,
                    "the picture is " + width + "x" + height + " pixels; images.min-side is " + images.minSide());
        }
        double aspect = (double) width / height;
        double wanted = (double) size.width() / size.height();
        if (Math.max(aspect / wanted, wanted / aspect) > images.maxDistortion()) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "the picture is " + width + "x" + height + " pixels, the model's size " + size.width() + "x"
                            + size.height() + "; images.max-distortion allows " + images.maxDistortion());
        }
    }
}
