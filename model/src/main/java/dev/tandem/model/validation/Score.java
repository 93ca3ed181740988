package dev.tandem.model.validation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of a validation. A lower {@code nearestL1} is better.
 *
 * @param step training steps of the validated model
 * @param nearestL1 mean of {@code |G(A, z) - B|} of the translation nearest to each true B, 0 to 1
 * @param diversity mean absolute difference of two translations of one input, 0 to 2
 * @param heldOutPairs names the pairs and the number of translations; only scores with the same name are comparable
 */
public record Score(
        @JsonProperty(value = "step", required = true) long step,
        @JsonProperty(value = "nearestL1", required = true) double nearestL1,
        @JsonProperty(value = "diversity", required = true) double diversity,

        @JsonProperty(value = "heldOutPairs", required = true)
        String heldOutPairs) {

    /**
     * The best of the scores that are comparable with the newest one.
     *
     * @param newestFirst scores, the newest first
     */
    public static Optional<Score> best(Stream<Score> newestFirst) {
        return newestFirst.reduce((best, older) ->
                older.heldOutPairs.equals(best.heldOutPairs) && older.nearestL1 < best.nearestL1 ? older : best);
    }
}
