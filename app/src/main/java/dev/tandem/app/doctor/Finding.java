package dev.tandem.app.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The result of one check. The JSON keys are a contract.
 *
 * @param subject what was checked
 * @param found the state that was found
 * @param fix what the user can do; empty if nothing is wrong
 */
public record Finding(
        @JsonProperty("level") Level level,
        @JsonProperty("what") String subject,
        @JsonProperty("found") String found,
        @JsonProperty("fix") String fix) {

    /** Whether a run works, works with limits, or fails. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding warn(String subject, String found, String fix) {
        return new Finding(Level.WARN, subject, found, fix);
    }

    static Finding fail(String subject, String found, String fix) {
        return new Finding(Level.FAIL, subject, found, fix);
    }

    /** OK if the condition holds; otherwise a warning with the fix. */
    static Finding okOrWarn(boolean condition, String subject, String found, String fix) {
        return condition ? ok(subject, found) : warn(subject, found, fix);
    }
}
