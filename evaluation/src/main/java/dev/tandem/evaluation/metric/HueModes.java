package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Twelve equally likely sectors of the colour circle. A translation matches the sector of the mean hue of its fill; a fill
 * with a saturation below 0.3 matches none.
 */
public final class HueModes implements Modes {
    private static final int SECTORS = 12;
    private static final float MIN_SATURATION = 0.3f;

    private final MeanColour fill;

    /** @param truths two or more fills of different hues; the fill is where they differ */
    public HueModes(List<Tensor> truths) {
        this.fill = MeanColour.whereDifferent(truths);
    }

    @Override
    public int count() {
        return SECTORS;
    }

    @Override
    public OptionalInt match(Tensor translation) {
        int[] rgb = Arrays.stream(fill.of(translation))
                .mapToInt(value -> (int) Math.round((value + 1) * 127.5))
                .toArray();
        float[] hsb = Color.RGBtoHSB(rgb[0], rgb[1], rgb[2], null);
        return hsb[1] < MIN_SATURATION ? OptionalInt.empty() : OptionalInt.of((int) (hsb[0] * SECTORS) % SECTORS);
    }
}
