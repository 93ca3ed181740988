package dev.tandem.datasets;

import dev.tandem.model.train.Noise;

/** The use of a pair: training, or held out for evaluation. All pairs of a group are in the same split. */
public enum Split {
    TRAIN("train"),
    HELD_OUT("val");

    /** One group in this many is held out. */
    static final int HELD_OUT_INTERVAL = 10;

    private final String folder;

    Split(String folder) {
        this.folder = folder;
    }

    /** The name of the folder that holds the pairs of this split. */
    public String folder() {
        return folder;
    }

    /** Assigns a group to a split; depends on the group's name and the seed only. */
    public static Split of(String group, long seed) {
        return Long.remainderUnsigned(Noise.hash(seed, "split." + group), HELD_OUT_INTERVAL) == 0 ? HELD_OUT : TRAIN;
    }
}
