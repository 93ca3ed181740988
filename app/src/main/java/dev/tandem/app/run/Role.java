package dev.tandem.app.run;

/** A part of a run. A process can have several roles. */
public enum Role {
    /** Trains on the topic of pairs. */
    TRAIN,
    /** Translates the topic of sources. */
    TRANSLATE,
    /** Serves dashboard, API, metrics and health. */
    HTTP
}
