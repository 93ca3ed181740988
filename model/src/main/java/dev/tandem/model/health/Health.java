package dev.tandem.model.health;

import dev.tandem.model.validation.Score;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The health of the training after a step.
 *
 * @param diversity mean absolute difference of two translations of one image at the last probe; empty before the first
 * @param score result of the last validation; empty before the first
 * @param alarms the active alarms
 */
public record Health(OptionalDouble diversity, Optional<Score> score, Set<Alarm> alarms) {
    public static final Health UNKNOWN = new Health(OptionalDouble.empty(), Optional.empty(), Set.of());

    public Health {
        alarms = Set.copyOf(alarms);
    }

    /** Alarms that are active here and were not in {@code before}. */
    public Set<Alarm> raisedSince(Health before) {
        Set<Alarm> raised = EnumSet.noneOf(Alarm.class);
        raised.addAll(alarms);
        raised.removeAll(before.alarms);
        return raised;
    }
}
