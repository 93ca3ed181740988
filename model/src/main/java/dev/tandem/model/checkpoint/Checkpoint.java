package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One checkpoint: a folder with {@code model.safetensors}, {@code optimizer.safetensors}, {@code state.json} and
 * {@code SHA256SUMS}, which {@code sha256sum -c} reads too.
 *
 * <p>Tensors are called {@code network.parameter}; the optimizer's add {@code .exp_avg} and {@code .exp_avg_sq}.
 */
public final class Checkpoint {
    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final Map<Kind, String> MOMENTS =
            new TreeMap<>(Map.of(Kind.FIRST_MOMENT, ".exp_avg", Kind.SECOND_MOMENT, ".exp_avg_sq"));

    private final Path folder;
    private final CheckpointState state;

    private Checkpoint(Path folder, CheckpointState state) {
        this.folder = folder;
        this.state = state;
    }

    /**
     * What a checkpoint keeps of a model.
     *
     * @param trained networks with optimizer state, by key
     * @param averaged networks without, by key
     */
    public record Content(
            long step,
            long pairs,
            Offsets offsets,
            Map<String, Variables> trained,
            Map<String, Variables> averaged,
            Map<String, String> settings,
            Map<String, String> provenance) {}

    /**
     * Opens a checkpoint's folder and verifies its files' checksums.
     *
     * @throws CheckpointException if it is damaged, incomplete, or of another format
     */
    public static Checkpoint open(Path folder) {
        try {
            Checksums.verify(folder);
            return new Checkpoint(folder, CheckpointState.read(folder));
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + folder + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    public static Path save(CheckpointStore store, Content content) {
        return store.save(content.step(), unfinished -> {
            SafetensorsWriter.write(unfinished.resolve(MODEL), modelEntries(content));
            SafetensorsWriter.write(unfinished.resolve(OPTIMIZER), optimizerEntries(content));
            CheckpointState state = new CheckpointState(
                    CheckpointState.FORMAT,
                    content.step(),
                    content.pairs(),
                    content.trained().entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    network -> network.getValue().updates())),
                    CheckpointState.text(content.offsets()),
                    content.settings(),
                    content.provenance());
            DurableFiles.write(unfinished.resolve(CheckpointState.FILE), state.toJson());
            Checksums.write(unfinished, List.of(MODEL, OPTIMIZER, CheckpointState.FILE));
        });
    }

    public Path folder() {
        return folder;
    }

    public long step() {
        return state.step();
    }

    public long pairs() {
        return state.pairs();
    }

    public Offsets offsets() {
        return state.parsedOffsets();
    }

    public Map<String, String> settings() {
        return Map.copyOf(state.settings());
    }

    /** Fills networks with weights only. */
    public void readWeights(Map<String, Variables> networks) {
        read(MODEL, networks, Map.of(Kind.VALUE, ""));
    }

    /** Fills Adam's moments and counters. */
    public void readOptimizer(Map<String, Variables> networks) {
        read(OPTIMIZER, networks, MOMENTS);
        networks.forEach(
                (key, variables) -> variables.setUpdates(state.updates().get(key)));
    }

    /** Whether the checkpoint has weights of a network. */
    public boolean has(String network) {
        try (SafetensorsReader reader = new SafetensorsReader(folder.resolve(MODEL))) {
            return reader.names().stream().anyMatch(name -> name.startsWith(network + "."));
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + folder + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private void read(String file, Map<String, Variables> networks, Map<Kind, String> suffixes) {
        try (SafetensorsReader reader = new SafetensorsReader(folder.resolve(file))) {
            for (Map.Entry<String, Variables> network : networks.entrySet()) {
                for (ParameterSpec spec : network.getValue().specs()) {
                    for (Map.Entry<Kind, String> kind : suffixes.entrySet()) {
                        String name = network.getKey() + "." + spec.name() + kind.getValue();
                        network.getValue().write(kind.getKey(), spec.name(), reader.tensor(name));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointException("checkpoint " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<Entry> modelEntries(Content content) {
        List<Entry> entries = new ArrayList<>();
        content.trained().forEach((key, variables) -> addEntries(entries, key, variables, Kind.VALUE, ""));
        content.averaged().forEach((key, variables) -> addEntries(entries, key, variables, Kind.VALUE, ""));
        return entries;
    }

    private static List<Entry> optimizerEntries(Content content) {
        List<Entry> entries = new ArrayList<>();
        content.trained()
                .forEach((key, variables) ->
                        MOMENTS.forEach((kind, suffix) -> addEntries(entries, key, variables, kind, suffix)));
        return entries;
    }

    private static void addEntries(List<Entry> entries, String network, Variables variables, Kind kind, String suffix) {
        variables
                .specs()
                .forEach(spec -> entries.add(new Entry(
                        network + "." + spec.name() + suffix, spec.shape(), () -> variables.read(kind, spec.name()))));
    }
}
