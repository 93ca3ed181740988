package dev.tandem.model;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Compares the networks of a checkpoint with those that settings describe. */
public final class NetworkCompatibility {
    private static final String PRESET = "model.preset";

    private NetworkCompatibility() {}

    /** @throws SettingsException if the networks differ; its message lists the settings that the checkpoint needs */
    public static void require(Settings settings, Checkpoint checkpoint) {
        Settings saved = Settings.ofProvenance(checkpoint.settings());
        if (!networkSettings(saved).equals(networkSettings(settings))) {
            throw new SettingsException("checkpoint " + checkpoint.folder()
                    + " was made with other networks than the settings describe; set "
                    + String.join(" and ", assignments(settings, saved)) + ", or use another checkpoint.directory");
        }
    }

    /** The assignments {@code key=value} that turn the networks of {@code current} into those of {@code target}. */
    public static List<String> assignments(Settings current, Settings target) {
        boolean samePreset = current.model().preset() == target.model().preset();
        String preset = target.model().preset().name().toLowerCase(Locale.ROOT);
        // Another preset changes many defaults, so only what differs from that preset has to be set.
        Settings base = samePreset ? current : Settings.ofProvenance(Map.of(PRESET, preset));
        Map<String, String> from = networkSettings(base);
        Map<String, String> to = networkSettings(target);
        List<String> assignments = new ArrayList<>(samePreset ? List.of() : List.of(PRESET + "=" + preset));
        to.keySet().stream()
                .filter(key -> !to.get(key).equals(from.get(key)))
                // A setting that is auto on both sides follows from the other settings.
                .filter(key -> !isAuto(target, key) || !isAuto(base, key))
                .forEach(key -> assignments.add(key + "=" + to.get(key)));
        return assignments;
    }

    private static boolean isAuto(Settings settings, String key) {
        return settings.provenance().get(key).equals("auto");
    }

    /** The settings that determine the networks, with {@code auto} replaced by its number. */
    private static Map<String, String> networkSettings(Settings settings) {
        Map<String, String> network = new TreeMap<>();
        settings.provenance().forEach((key, value) -> {
            if (ModelSettings.describesNetworks(key)) {
                network.put(key, value.toLowerCase(Locale.ROOT));
            }
        });
        ModelSettings model = settings.model();
        if (model.preset() == ModelSettings.Preset.PAPER) {
            // Presets paper and tandem are different defaults for one architecture.
            network.put(PRESET, "tandem");
        }
        network.put("model.generator.depth", Integer.toString(model.generatorDepth()));
        network.put("model.encoder.blocks", Integer.toString(model.encoderBlocks()));
        network.put("model.discriminator.layers", Integer.toString(model.discriminatorLayers()));
        network.put("model.image-size", model.imageSize().toString());
        return network;
    }
}
