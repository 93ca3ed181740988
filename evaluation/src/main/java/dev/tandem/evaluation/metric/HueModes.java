package dev.tandem.evaluation.metric;

import dev.tandem.model.tensor.Tensor;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Twelfths of the colour circle, all as likely: the mean colour of what is to be filled, if it is a colour at all. */
public final class HueModes implements Modes {
    private static final int SECTORS = 12;
    private static final float COLOURFUL = 0.3f;

    private final MeanColour fill;

    /** @param truths two or more of different hues; what is filled is where they differ */
    public HueModes(List<Tensor> truths) {
        this.fill = MeanColour.whereDifferent(truths);
    }

    @Override
    public int count() {
        return SECTORS;
    }

    @Override
    public OptionalInt of(Tensor translation) {
        int[] rgb = Arrays.stream(fill.of(translation))
                .mapToInt(value -> (int) Math.round((value + 1) * 127.5))
                .toArray();
        float[] hsb = Color.RGBtoHSB(rgb[0], rgb[1], rgb[2], null);
        return hsb[1] < COLOURFUL ? OptionalInt.empty() : OptionalInt.of((int) (hsb[0] * SECTORS) % SECTORS);
    }
}
