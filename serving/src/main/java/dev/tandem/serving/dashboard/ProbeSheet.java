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
 * One picture of a probe: a row for each pair, with A, B and the samples, tile by tile and without a gap, so that the
 * pairs can be cut out of it again.
 *
 * @param inputs rows
 * @param samples columns behind A and B
 */
record ProbeSheet(ModelSettings model, int inputs, int samples) {

    /** @param translations (inputs x samples, C, H, W), row by row */
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

    /** Whether a picture is such a sheet, by its size. */
    boolean fits(BufferedImage sheet) {
        return sheet.getWidth() == width() && sheet.getHeight() == height();
    }

    /** The pairs of a sheet. */
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
        return Images.crop(sheet, new Crop(column * width, row * height, width, height));
    }

    private void draw(Graphics2D graphics, Tensor image, int column, int row) {
        graphics.drawImage(
                Images.image(image),
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
