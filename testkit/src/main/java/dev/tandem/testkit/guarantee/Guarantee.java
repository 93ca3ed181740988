package dev.tandem.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Something that is promised of a run, to be held against what went in and what came out. */
public interface Guarantee {

    /** What speaks against it, for people; empty: it held. */
    List<String> violations();

    /** @throws AssertionError with what speaks against it */
    default void verify() {
        assertThat(violations()).as(getClass().getSimpleName()).isEmpty();
    }
}
