package dev.tandem.model.interop;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
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

/** Converts the weights of another program, one file per network, into a checkpoint. */
public final class WeightImport {
    private final Upstream from;
    private final Settings settings;
    private final Map<Member, Path> paths;
    private final List<Entry> entries;

    private WeightImport(Upstream from, Settings settings, Map<Member, Path> paths, List<Entry> entries) {
        this.from = from;
        this.settings = settings;
        this.paths = paths;
        this.entries = entries;
    }

    /**
     * Reads the files, infers the settings from the shapes of the tensors, and checks that all tensors fit and are finite.
     *
     * @param paths files by network; the generator's is required
     * @param config settings file; the inferred settings override it
     * @param assignments settings {@code key=value}, which override the inferred ones
     * @throws CheckpointException if the generator's file is missing, a file cannot be read, or tensors are missing,
     *     unknown, of another shape, not of a floating-point type or not finite; the message lists these by name
     */
    public static WeightImport of(
            Upstream from, Map<Member, Path> paths, Optional<Path> config, List<String> assignments) {
        if (!paths.containsKey(Member.GENERATOR)) {
            throw new CheckpointException("an import without the generator's file cannot translate; add G=FILE");
        }
        Map<Member, WeightFile> files = new EnumMap<>(Member.class);
        paths.forEach((member, path) -> files.put(member, WeightFile.open(path)));
        List<String> all = new ArrayList<>(from.settings(files));
        all.addAll(assignments);
        Settings settings = SettingsLoader.load(config, all);
        return new WeightImport(from, settings, paths, entries(from, files, Networks.of(settings)));
    }

    /** The settings of the imported model. */
    public Settings settings() {
        return settings;
    }

    /** Networks of the model without a file; training starts them with initial weights. */
    public Set<Member> missing() {
        Set<Member> missing = new TreeSet<>(Networks.of(settings).members());
        missing.removeAll(paths.keySet());
        return missing;
    }

    /** Writes the checkpoint, with step 0, and returns its folder. */
    public Path write(CheckpointStore store) {
        Map<String, String> provenance = new TreeMap<>(Provenance.ofThisProgram());
        provenance.put("imported", from.name().toLowerCase(Locale.ROOT));
        provenance.put(
                "files",
                paths.values().stream()
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
                        PastPairs.NONE,
                        Optional.empty(),
                        settings.provenance(),
                        provenance));
    }

    private static List<Entry> entries(Upstream from, Map<Member, WeightFile> files, Networks networks) {
        UpstreamNames names = from.names(networks.settings());
        List<Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        files.forEach((member, file) -> {
            if (networks.members().contains(member)) {
                entries.addAll(new ShapeCheck(member, file, problems).entries(byUpstreamName(networks, names, member)));
            } else {
                problems.add(file.path() + ": the settings describe a model without " + member.key()
                        + "; omit the file or change the settings");
            }
        });
        requireNone(problems, "check --from and the model settings");
        files.forEach((member, file) -> new ShapeCheck(member, file, problems)
                .checkValues(byUpstreamName(networks, names, member).keySet()));
        requireNone(problems, "import weights of an earlier step of that training");
        return entries;
    }

    private static void requireNone(List<String> problems, String advice) {
        if (!problems.isEmpty()) {
            throw new CheckpointException(String.join("; ", problems) + "; " + advice);
        }
    }

    /** The parameters of a network by their names in the file. */
    private static Map<String, ParameterSpec> byUpstreamName(Networks networks, UpstreamNames names, Member member) {
        Map<String, ParameterSpec> expected = new LinkedHashMap<>();
        networks.parameters(member).forEach(spec -> expected.put(names.parameter(member, spec.name()), spec));
        return expected;
    }
}
