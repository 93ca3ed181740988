package dev.tandem.model.interop;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.Kept;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Provenance;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes a checkpoint of another program's weights, one file a network. */
public final class WeightImport {
    private final Upstream from;
    private final Settings settings;
    private final Map<Member, Path> given;
    private final List<Entry> entries;

    private WeightImport(Upstream from, Settings settings, Map<Member, Path> given, List<Entry> entries) {
        this.from = from;
        this.settings = settings;
        this.given = given;
        this.entries = entries;
    }

    /**
     * Reads the files' shapes and finds settings that fit.
     *
     * @param assignments settings that the shapes do not tell of, or tell wrongly
     * @throws CheckpointException if there is no generator, or a file cannot be read; and one that lists missing, unknown
     *     and mis-shaped tensors by name
     */
    public static WeightImport of(
            Upstream from, Map<Member, Path> paths, Optional<Path> config, List<String> assignments) {
        if (!paths.containsKey(Member.GENERATOR)) {
            throw new CheckpointException("without the generator's file there is nothing to translate with");
        }
        Map<Member, WeightFile> files = new EnumMap<>(Member.class);
        paths.forEach((member, path) -> files.put(member, WeightFile.open(path)));
        List<String> all = new ArrayList<>(from.settings(files));
        all.addAll(assignments);
        Settings settings = SettingsLoader.load(config, all);
        return new WeightImport(from, settings, paths, entries(from, files, Networks.of(settings)));
    }

    public Settings settings() {
        return settings;
    }

    /** Networks that the model has and no file was given for; they begin anew when it is trained on. */
    public Set<Member> missing() {
        Set<Member> missing = new TreeSet<>(Networks.of(settings).members());
        missing.removeAll(given.keySet());
        return missing;
    }

    /** Writes the checkpoint, of step 0, and returns its folder. */
    public Path write(CheckpointStore store) {
        Map<String, String> provenance = new TreeMap<>(Provenance.ofThisProgram());
        provenance.put("imported", from.name().toLowerCase(Locale.ROOT));
        provenance.put(
                "files",
                given.values().stream()
                        .map(path -> path.getFileName().toString())
                        .collect(Collectors.joining(", ")));
        return Checkpoint.save(
                store,
                new Checkpoint.Content(
                        0,
                        0,
                        Offsets.NONE,
                        entries,
                        List.of(),
                        Map.of(),
                        Kept.NOTHING,
                        settings.provenance(),
                        provenance));
    }

    private static List<Entry> entries(Upstream from, Map<Member, WeightFile> files, Networks networks) {
        UpstreamNames names = from.names(networks.settings());
        List<Entry> entries = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        files.forEach((member, file) -> {
            if (networks.members().contains(member)) {
                entries.addAll(new ShapeCheck(member, file, complaints).entries(foreignNames(networks, names, member)));
            } else {
                complaints.add(file.path() + ": with these settings the model has no " + member.key());
            }
        });
        if (!complaints.isEmpty()) {
            throw new CheckpointException(String.join("; ", complaints));
        }
        return entries;
    }

    /** What the file should have, by the name it should have there. */
    private static Map<String, ParameterSpec> foreignNames(Networks networks, UpstreamNames names, Member member) {
        Map<String, ParameterSpec> expected = new LinkedHashMap<>();
        networks.parameters(member).forEach(spec -> expected.put(names.parameter(member, spec.name()), spec));
        return expected;
    }
}
