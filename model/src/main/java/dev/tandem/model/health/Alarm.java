package dev.tandem.model.health;

/** A problem of the training; docs/how-to/train-well.md lists the remedies. */
public enum Alarm {
    /** Translations of one image hardly differ any more. */
    DIVERSITY_COLLAPSED,
    /** D_VAE detects every fake, so the generator gets no useful gradient from it. */
    D_VAE_WINS,
    /** D_LR detects every fake, so the generator gets no useful gradient from it. */
    D_LR_WINS,
    /** A loss or a gradient was not finite, so the step was not taken. */
    NOT_FINITE,
    /** The schedule has lowered the learning rate to 0, so the model no longer changes. */
    LEARNING_RATE_ZERO
}
