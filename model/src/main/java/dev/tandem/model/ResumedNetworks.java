package dev.tandem.model;

import com.typesafe.config.Config;
import dev.tandem.config.ChangedSetting;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a run that resumes from a checkpoint: networks that the user does not describe are those of the
 * checkpoint, so a run resumes after the defaults have changed.
 */
public final class ResumedNetworks {
    private static final Logger LOG = LoggerFactory.getLogger(ResumedNetworks.class);

    private ResumedNetworks() {}

    /**
     * Merges the layers of the settings with the newest checkpoint in {@code checkpoint.directory}, and logs what is
     * taken from it.
     *
     * @param file the file given by {@code --config}
     * @param assignments the values given by {@code --set}
     */
    public static Config resolve(Optional<Path> file, List<String> assignments) {
        Config given = SettingsLoader.resolve(file, assignments);
        Path directory = SettingsLoader.checkpointDirectory(given);
        Map<String, String> networks = CheckpointStore.openReadOnly(directory).newestSettings().entrySet().stream()
                .filter(entry -> ModelSettings.describesNetworks(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (networks.isEmpty()) {
            return given;
        }
        Config resumed = SettingsLoader.resolve(file, assignments, networks);
        List<ChangedSetting> taken = ChangedSetting.between(SettingsLoader.texts(given), SettingsLoader.texts(resumed));
        if (!taken.isEmpty()) {
            LOG.info(
                    "the newest checkpoint in {} determines settings that are not set: {}",
                    directory,
                    taken.stream()
                            .map(setting -> setting.key() + "=" + setting.after())
                            .collect(Collectors.joining(", ")));
        }
        return resumed;
    }
}
