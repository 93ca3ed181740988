package dev.tandem.app.run;

import com.typesafe.config.Config;
import dev.tandem.actors.Utilization;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.PipelineListener;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What to run.
 *
 * @param config the whole resolved configuration, for Pekko
 * @param stopAfterPairs total of pairs the model is to have seen; empty: until told to stop
 * @param occupancy counts the time in which the model works
 */
public record RunPlan(
        Settings settings,
        Config config,
        Set<Role> roles,
        OptionalLong stopAfterPairs,
        PipelineListener events,
        Utilization occupancy) {

    /** Nobody asks how busy the model is. */
    public RunPlan(
            Settings settings, Config config, Set<Role> roles, OptionalLong stopAfterPairs, PipelineListener events) {
        this(settings, config, roles, stopAfterPairs, events, new Utilization());
    }

    /** Without the configuration: passwords are in it. */
    @Override
    public String toString() {
        return "RunPlan" + roles;
    }
}
