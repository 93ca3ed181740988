package dev.tandem.datasets;

import dev.tandem.model.train.Noise;

/** What a pair is for; decided by its group, so that no outline is in both. */
public enum Split {
    TRAIN("train"),
    HELD_OUT("val");

    private static final int ONE_HELD_OUT_OF = 10;

    private final String folder;

    Split(String folder) {
        this.folder = folder;
    }

    public String folder() {
        return folder;
    }

    public static Split of(String group, long seed) {
        return Long.remainderUnsigned(Noise.hash(seed, "split." + group), ONE_HELD_OUT_OF) == 0 ? HELD_OUT : TRAIN;
    }
}
