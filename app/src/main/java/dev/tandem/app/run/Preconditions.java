package dev.tandem.app.run;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.Models;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.network.Networks;
import dev.tandem.model.train.ReplayBuffer;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.train.BatchPreparation;
import dev.tandem.serving.http.HttpServer;

/** Checks at the start of a run that need no broker. */
public final class Preconditions {
    private Preconditions() {}

    /**
     * Checks settings, checkpoint, device, and the access to the HTTP server.
     *
     * @return the checkpoint folder, read-only without the role {@code TRAIN}
     * @throws SettingsException if the settings are invalid or do not match the checkpoint
     * @throws CheckpointException if the checkpoint folder cannot be written to, or none of its checkpoints is valid
     */
    static CheckpointStore check(RunPlan plan) {
        Settings settings = plan.settings();
        Networks.of(settings);
        CheckpointStore store = plan.has(Role.TRAIN)
                ? CheckpointStore.open(settings.checkpoint())
                : CheckpointStore.openReadOnly(settings.checkpoint().directory());
        requireSameNetworks(settings, store);
        if (plan.has(Role.TRAIN)) {
            store.requireResumable();
            ReplayBuffer.requireRoom(settings, Runtime.getRuntime().maxMemory());
            BatchPreparation.requireRoom(settings, Runtime.getRuntime().maxMemory());
            Models.requireTraining(settings);
        } else {
            Models.requireTranslating(settings);
        }
        if (plan.has(Role.HTTP)) {
            HttpServer.check(settings.http());
        }
        KafkaClients.warnAboutUnknownSettings(settings.kafka());
        return store;
    }

    /** @throws SettingsException if the newest checkpoint has other networks than the settings describe */
    public static void requireSameNetworks(Settings settings, CheckpointStore store) {
        store.newestValid().ifPresent(checkpoint -> NetworkCompatibility.require(settings, checkpoint));
    }
}
