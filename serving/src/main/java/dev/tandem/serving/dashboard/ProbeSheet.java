package dev.tandem.serving.dashboard;

import dev.tandem.config.ModelSettings;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.Images;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Layout of a probe sheet, the image that shows one probe: a row per pair, with A, B and the samples as columns.
 *
 * <p>Tiles have the model's size and no gaps, so that a later run can read the pairs from the sheet.
 *
 * @param inputs number of rows
 * @param samples number of columns after A and B
 */
record ProbeSheet(ModelSettings model, int inputs, int samples) {

    /** @param translations (inputs x samples, C, H, W), all samples of the first input first */
    BufferedImage draw(List<TensorPair> pairs, Tensor translations) {
        BufferedImage sheet = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = sheet.createGraphics();
        for (int row = 0; row < inputs; row++) {
            draw(graphics, pairs.get(row).a(), 0, row);
            draw(graphics, pairs.get(row).b(), 1, row);
            for (int sample = 0; sample < samples; sample++) {
                int index = row * samples + sample;
                draw(graphics, translations.rows(index, index + 1), 2 + sample, row);
            }
        }
        graphics.dispose();
        return sheet;
    }

    /** Whether an image has the size of a sheet of this layout. */
    boolean hasSizeOf(BufferedImage image) {
        return image.getWidth() == width() && image.getHeight() == height();
    }

    /** Reads the pairs from a sheet. */
    List<TensorPair> pairs(BufferedImage sheet) {
        List<TensorPair> pairs = new ArrayList<>();
        for (int row = 0; row < inputs; row++) {
            pairs.add(new TensorPair(
                    Images.tensor(tile(sheet, 0, row), model.inputChannels(), false),
                    Images.tensor(tile(sheet, 1, row), model.outputChannels(), false)));
        }
        return pairs;
    }

    private BufferedImage tile(BufferedImage sheet, int column, int row) {
        int width = model.imageSize().width();
        int height = model.imageSize().height();
        return Images.part(sheet, new Crop(column * width, row * height, width, height));
    }

    private void draw(Graphics2D graphics, Tensor image, int column, int row) {
        graphics.drawImage(
                Images.picture(image),
                column * model.imageSize().width(),
                row * model.imageSize().height(),
                null);
    }

    private int width() {
        return (2 + samples) * model.imageSize().width();
    }

    private int height() {
        return inputs * model.imageSize().height();
    }
}
