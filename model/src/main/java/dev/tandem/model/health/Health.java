package dev.tandem.model.health;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How learning goes.
 *
 * @param diversity mean absolute difference of two translations of one picture, when last probed
 * @param alarms those that are on
 */
public record Health(OptionalDouble diversity, Set<Alarm> alarms) {
    public static final Health UNKNOWN = new Health(OptionalDouble.empty(), Set.of());

    public Health {
        alarms = Set.copyOf(alarms);
    }

    /** Alarms that are on here and were not before. */
    public Set<Alarm> raisedSince(Health before) {
        Set<Alarm> raised = EnumSet.noneOf(Alarm.class);
        raised.addAll(alarms);
        raised.removeAll(before.alarms);
        return raised;
    }
}
