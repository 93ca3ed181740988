package dev.tandem.app.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What was found of one thing.
 *
 * @param fix what to do about it; empty if nothing is
 */
public record Finding(
        @JsonProperty("level") Level level,
        @JsonProperty("what") String what,
        @JsonProperty("found") String found,
        @JsonProperty("fix") String fix) {

    /** How bad it is: a run works, works badly, or does not work. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String what, String found) {
        return new Finding(Level.OK, what, found, "");
    }

    static Finding warn(String what, String found, String fix) {
        return new Finding(Level.WARN, what, found, fix);
    }

    static Finding fail(String what, String found, String fix) {
        return new Finding(Level.FAIL, what, found, fix);
    }
}
