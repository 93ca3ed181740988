package dev.tandem.app.run;

/** What a process does. */
public enum Role {
    TRAIN,
    TRANSLATE,
    HTTP
}
