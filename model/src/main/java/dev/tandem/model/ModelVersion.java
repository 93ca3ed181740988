package dev.tandem.model;

/**
 * The weights that made a translation, and the engine that computed it.
 *
 * @param checkpoint name of the newest checkpoint at that time
 * @param step training step of the weights
 * @param engine name of the engine
 */
public record ModelVersion(String checkpoint, long step, String engine) {

    /** The version as in the record header {@code tandem-model}. */
    @Override
    public String toString() {
        return "checkpoint=" + checkpoint + ";step=" + step + ";engine=" + engine;
    }
}
