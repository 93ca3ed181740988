package dev.tandem.model.health;

/** What can go wrong with learning; docs/how-to/train-well.md says what to do. */
public enum Alarm {
    /** Translations of one picture hardly differ any more. */
    DIVERSITY_COLLAPSED,
    /** D_VAE tells real from made without fail, so the generator learns nothing from it. */
    D_VAE_WINS,
    /** The same of D_LR. */
    D_LR_WINS,
    /** A loss or gradient was not finite; the step was not taken. */
    NOT_FINITE
}
