package dev.tandem.model.exchange;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a checkpoint of another program's weights, one file a network. */
public final class WeightImport {
    private static final int LISTED = 8;
    /** A counter of PyTorch's batch norm, which plays no part when the momentum is given. */
    private static final String COUNTER = "num_batches_tracked";

    private final Foreign from;
    private final Map<Member, WeightFile> files;
    private final Settings settings;

    private WeightImport(Foreign from, Map<Member, WeightFile> files, Settings settings) {
        this.from = from;
        this.files = files;
        this.settings = settings;
    }

    /**
     * Reads the files' shapes and finds settings that fit.
     *
     * @param assignments settings that the shapes do not tell of, or tell wrongly
     * @throws CheckpointException if there is no generator, or a file cannot be read
     */
    public static WeightImport of(
            Foreign from, Map<Member, Path> paths, Optional<Path> config, List<String> assignments) {
        if (!paths.containsKey(Member.GENERATOR)) {
            throw new CheckpointException("without the generator's file there is nothing to translate with");
        }
        Map<Member, WeightFile> files = new EnumMap<>(Member.class);
        paths.forEach((member, path) -> files.put(member, WeightFile.open(path)));
        List<String> all = new ArrayList<>(from.settings(files));
        all.addAll(assignments);
        return new WeightImport(from, files, SettingsLoader.load(config, all));
    }

    public Settings settings() {
        return settings;
    }

    /** Networks that the model has and no file was given for; they begin anew when it is trained on. */
    public Set<Member> missing() {
        Set<Member> missing = new TreeSet<>(Networks.of(settings).members());
        missing.removeAll(files.keySet());
        return missing;
    }

    /**
     * Writes the checkpoint, of step 0, and returns its folder.
     *
     * @throws CheckpointException that lists missing, unknown and mis-shaped tensors by name
     */
    public Path write(CheckpointStore store) {
        Networks networks = Networks.of(settings);
        ForeignNames names = from.names(settings.model());
        List<Entry> entries = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        files.forEach((member, file) -> {
            if (networks.members().contains(member)) {
                entries.addAll(entries(member, file, foreignNames(networks, names, member), complaints));
            } else {
                complaints.add(file.path() + ": with these settings the model has no " + member.key());
            }
        });
        if (!complaints.isEmpty()) {
            throw new CheckpointException(String.join("; ", complaints));
        }
        Map<String, String> provenance = new TreeMap<>(Map.of("imported", from.name()));
        return Checkpoint.save(
                store,
                new Checkpoint.Content(
                        0, 0, Offsets.NONE, entries, List.of(), Map.of(), settings.provenance(), provenance));
    }

    /** What the file should have, by the name it should have there. */
    private static Map<String, ParameterSpec> foreignNames(Networks networks, ForeignNames names, Member member) {
        Map<String, ParameterSpec> expected = new LinkedHashMap<>();
        networks.parameters(member).forEach(spec -> expected.put(names.parameter(member, spec.name()), spec));
        return expected;
    }

    private static List<Entry> entries(
            Member member, WeightFile file, Map<String, ParameterSpec> expected, List<String> complaints) {
        List<Entry> entries = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        Set<String> unknown = new TreeSet<>(file.shapes().keySet());
        unknown.removeIf(name -> name.endsWith(COUNTER));
        expected.forEach((name, spec) -> {
            unknown.remove(name);
            Optional<Shape> shape = file.shape(name);
            if (shape.isEmpty()) {
                absent.add(name);
            } else if (!shape.get().equals(spec.shape())) {
                misshaped.add(name + " is " + shape.get() + " instead of " + spec.shape());
            } else {
                entries.add(new Entry(member.key() + "." + spec.name(), spec.shape(), () -> file.read(name)));
            }
        });
        complain(complaints, file, "missing", absent);
        complain(complaints, file, "not known", List.copyOf(unknown));
        complain(complaints, file, "of another shape", misshaped);
        return entries;
    }

    private static void complain(List<String> complaints, WeightFile file, String what, List<String> names) {
        if (!names.isEmpty()) {
            String more = names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "";
            complaints.add(file.path() + ": " + what + ": "
                    + String.join(", ", names.subList(0, Math.min(LISTED, names.size()))) + more);
        }
    }
}
