package dev.tandem.model;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Checkpoint;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Whether a checkpoint's networks are those that settings describe. */
public final class SameNetworks {
    /** A matter of the machine. */
    private static final String DEVICE = "model.device";

    private SameNetworks() {}

    /** @throws SettingsException that names the settings in which they differ */
    public static void require(Settings settings, Checkpoint checkpoint) {
        Settings kept = Settings.ofProvenance(checkpoint.settings());
        Map<String, String> made = networkSettings(kept);
        Map<String, String> now = networkSettings(settings);
        List<String> differing = made.keySet().stream()
                .filter(key -> !made.get(key).equals(now.get(key)))
                // What follows from another setting on both sides is not to be set.
                .filter(key -> !isAuto(kept, key) || !isAuto(settings, key))
                .toList();
        if (!differing.isEmpty()) {
            throw new SettingsException("checkpoint " + checkpoint.folder() + " was made with "
                    + listed(differing, key -> key + " = " + made.get(key)) + ", but the settings say "
                    + listed(differing, now::get) + "; set " + listed(differing, key -> key + "=" + made.get(key))
                    + " or another checkpoint.directory");
        }
    }

    private static boolean isAuto(Settings settings, String key) {
        return settings.provenance().get(key).equals("auto");
    }

    private static String listed(List<String> keys, UnaryOperator<String> text) {
        return keys.stream().map(text).collect(Collectors.joining(" and "));
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
