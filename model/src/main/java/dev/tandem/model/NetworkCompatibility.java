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

/** Whether a checkpoint's networks are those that settings describe. */
public final class NetworkCompatibility {
    /** A matter of the machine. */
    private static final String DEVICE = "model.device";

    private static final String PRESET = "model.preset";

    private NetworkCompatibility() {}

    /** @throws SettingsException that says what to set for the checkpoint's networks */
    public static void require(Settings settings, Checkpoint checkpoint) {
        Settings kept = Settings.ofProvenance(checkpoint.settings());
        if (!networkSettings(kept).equals(networkSettings(settings))) {
            throw new SettingsException("checkpoint " + checkpoint.folder()
                    + " was made with other networks than the settings describe; set "
                    + String.join(" and ", assignments(settings, kept)) + ", or another checkpoint.directory");
        }
    }

    /** What to set beside {@code given} for the networks of {@code wanted}, {@code key=value} each. */
    public static List<String> assignments(Settings given, Settings wanted) {
        boolean samePreset = given.model().preset() == wanted.model().preset();
        String preset = networkSettings(wanted).get(PRESET);
        // Another preset changes much by itself: what counts is what differs from that.
        Settings before = samePreset ? given : Settings.ofProvenance(Map.of(PRESET, preset));
        Map<String, String> from = networkSettings(before);
        Map<String, String> to = networkSettings(wanted);
        List<String> assignments = new ArrayList<>(samePreset ? List.of() : List.of(PRESET + "=" + preset));
        to.keySet().stream()
                .filter(key -> !to.get(key).equals(from.get(key)))
                // What follows from another setting on both sides is not to be set.
                .filter(key -> !isAuto(wanted, key) || !isAuto(before, key))
                .forEach(key -> assignments.add(key + "=" + to.get(key)));
        return assignments;
    }

    private static boolean isAuto(Settings settings, String key) {
        return settings.provenance().get(key).equals("auto");
    }

    /** What decides the networks, with the numbers that {@code auto} stands for. */
    private static Map<String, String> networkSettings(Settings settings) {
        Map<String, String> network = new TreeMap<>();
        settings.provenance().forEach((key, value) -> {
            if (key.startsWith("model.") && !key.equals(DEVICE)) {
                network.put(key, value.toLowerCase(Locale.ROOT));
            }
        });
        ModelSettings model = settings.model();
        network.put("model.generator.depth", Integer.toString(model.generatorDepth()));
        network.put("model.encoder.blocks", Integer.toString(model.encoderBlocks()));
        network.put("model.discriminator.layers", Integer.toString(model.discriminatorLayers()));
        network.put("model.image-size", model.imageSize().toString());
        return network;
    }
}
