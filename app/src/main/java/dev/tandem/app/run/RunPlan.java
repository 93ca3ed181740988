package dev.tandem.app.run;

import com.typesafe.config.Config;
import dev.tandem.actors.Utilization;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.PipelineListener;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The parameters of a run.
 *
 * @param config the whole resolved configuration, for Pekko
 * @param stopAfterPairs total number of trained pairs at which the run ends; empty: the run has no end
 * @param listener gets the events of the pipelines
 * @param utilization measures how much of the time the model works
 */
public record RunPlan(
        Settings settings,
        Config config,
        Set<Role> roles,
        OptionalLong stopAfterPairs,
        PipelineListener listener,
        Utilization utilization) {

    /** A plan for a caller that does not read the utilization. */
    public RunPlan(
            Settings settings, Config config, Set<Role> roles, OptionalLong stopAfterPairs, PipelineListener listener) {
        this(settings, config, roles, stopAfterPairs, listener, new Utilization());
    }

    /** The same plan with another listener. */
    public RunPlan withListener(PipelineListener other) {
        return new RunPlan(settings, config, roles, stopAfterPairs, other, utilization);
    }

    boolean has(Role role) {
        return roles.contains(role);
    }

    /** Leaves out the configuration, because it contains passwords. */
    @Override
    public String toString() {
        return "RunPlan" + roles;
    }
}
