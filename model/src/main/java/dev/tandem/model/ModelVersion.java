package dev.tandem.model;

/**
 * The weights that made a translation.
 *
 * @param checkpoint name of the newest checkpoint at that time
 * @param step training step of the weights
 */
public record ModelVersion(String checkpoint, long step) {

    /** The version as in the record header {@code tandem-model}. */
    @Override
    public String toString() {
        return "checkpoint=" + checkpoint + ";step=" + step;
    }
}
