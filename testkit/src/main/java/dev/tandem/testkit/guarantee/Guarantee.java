package dev.tandem.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** A property that a run guarantees, checked against its inputs and outputs. */
public interface Guarantee {

    /** The violations, one readable line each. An empty list means that the guarantee holds. */
    List<String> violations();

    /** @throws AssertionError if the guarantee is violated; the message lists the violations */
    default void verify() {
        assertThat(violations()).as(getClass().getSimpleName()).isEmpty();
    }
}
