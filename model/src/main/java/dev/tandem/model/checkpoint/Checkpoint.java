package dev.tandem.model.checkpoint;

import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One checkpoint: a folder with {@code model.safetensors}, {@code optimizer.safetensors}, {@code state.json} and
 * {@code SHA256SUMS}, and with {@code replay.safetensors} if it holds past pairs.
 *
 * <p>Tensors are named {@code network.parameter}. Optimizer tensors add {@code .exp_avg} and {@code .exp_avg_sq}.
 */
public final class Checkpoint {
    /** Name of the averaged generator among the networks. */
    public static final String AVERAGE = "generator_average";

    static final String MODEL = "model.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String REPLAY = "replay.safetensors";
    static final Map<Kind, String> MOMENT_SUFFIXES =
            new TreeMap<>(Map.of(Kind.FIRST_MOMENT, ".exp_avg", Kind.SECOND_MOMENT, ".exp_avg_sq"));

    private final Path folder;
    private final CheckpointState state;

    private Checkpoint(Path folder, CheckpointState state) {
        this.folder = folder;
        this.state = state;
    }

    /**
     * The data of a new checkpoint.
     *
     * @param step training steps taken
     * @param pairs pairs seen
     * @param offsets next offsets
     * @param model weights
     * @param optimizer Adam's moments, of the networks that have been trained
     * @param updates number of Adam updates of the same networks, by key
     * @param score result of the validation of these weights; empty if they were not validated
     * @param settings all settings of the run
     * @param provenance versions and device, for information only
     */
    public record Content(
            long step,
            long pairs,
            Offsets offsets,
            List<Entry> model,
            List<Entry> optimizer,
            Map<String, Long> updates,
            PastPairs replay,
            Optional<Score> score,
            Map<String, String> settings,
            Map<String, String> provenance) {}

    /**
     * The content of a replay buffer.
     *
     * @param offered number of pairs that {@code pairs} is a sample of
     */
    public record PastPairs(long offered, List<PastPair> pairs) {
        public static final PastPairs NONE = new PastPairs(0, List.of());

        public PastPairs {
            pairs = List.copyOf(pairs);
        }
    }

    /** A and B of a past pair, (C, H, W) each, one byte per value. */
    public record PastPair(byte[] a, byte[] b) {}

    /** The weights of a network as tensors of a checkpoint. */
    public static List<Entry> weights(String network, Variables variables) {
        return entries(network, variables, variables.specs(), Kind.VALUE, "");
    }

    /** The optimizer state of a network as tensors of a checkpoint. */
    public static List<Entry> moments(String network, Variables variables) {
        List<ParameterSpec> trainable =
                variables.specs().stream().filter(ParameterSpec::trainable).toList();
        return MOMENT_SUFFIXES.entrySet().stream()
                .flatMap(moment -> entries(network, variables, trainable, moment.getKey(), moment.getValue()).stream())
                .toList();
    }

    private static List<Entry> entries(
            String network, Variables variables, List<ParameterSpec> specs, Kind kind, String suffix) {
        return specs.stream()
                .map(spec -> new Entry(
                        network + "." + spec.name() + suffix, spec.shape(), () -> variables.read(kind, spec.name())))
                .toList();
    }

    /**
     * Opens a checkpoint's folder and checks all its content: types of files, checksums, format, names, shapes and values.
     * So the model can be restored from it, unless a file changes meanwhile.
     *
     * @throws CheckpointException if the checkpoint is damaged, incomplete or of another format
     */
    public static Checkpoint open(Path folder) {
        try {
            Checksums.verify(folder, CheckpointState.FILE, CheckpointState.MAX_BYTES);
            CheckpointState state = CheckpointState.read(folder);
            requireName(folder, state.step());
            TensorCheck.check(folder, state);
            return new Checkpoint(folder, state);
        } catch (IOException | MalformedFile | SettingsException e) {
            throw CheckpointException.unusable(folder, e);
        }
    }

    /** A renamed checkpoint would count as the newest one, and every restart would resume from it. */
    private static void requireName(Path folder, long step) {
        if (CheckpointStore.isNameOfAnotherStep(folder, step)) {
            throw new MalformedFile(
                    folder.resolve(CheckpointState.FILE),
                    "is of step " + step + ", but its folder has the name of another step; rename the folder to "
                            + CheckpointStore.name(step));
        }
    }

    /** The network that a tensor belongs to. */
    static String network(String tensor) {
        return tensor.substring(0, Math.max(0, tensor.indexOf('.')));
    }

    /**
     * Writes a checkpoint and returns its folder; a valid checkpoint with the same step and pairs is left as it is.
     *
     * @throws CheckpointException if it cannot be written
     */
    public static Path save(CheckpointStore store, Content content) {
        return store.save(content.step(), existing -> existing.pairs() == content.pairs(), folder -> {
            SafetensorsWriter.write(folder.resolve(MODEL), content.model());
            SafetensorsWriter.write(folder.resolve(OPTIMIZER), content.optimizer());
            DurableFiles.write(
                    folder.resolve(CheckpointState.FILE),
                    CheckpointState.of(content).toJson());
            List<String> files = new ArrayList<>(List.of(MODEL, OPTIMIZER, CheckpointState.FILE));
            if (content.replay().offered() > 0) {
                SafetensorsWriter.write(folder.resolve(REPLAY), entries(content.replay()));
                files.add(REPLAY);
            }
            Checksums.write(folder, files);
        });
    }

    private static List<Entry> entries(PastPairs replay) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < replay.pairs().size(); i++) {
            PastPair pair = replay.pairs().get(i);
            entries.add(Entry.ofBytes(i + ".a", Shape.of(pair.a().length), pair.a()));
            entries.add(Entry.ofBytes(i + ".b", Shape.of(pair.b().length), pair.b()));
        }
        return entries;
    }

    public Path folder() {
        return folder;
    }

    /** Name of the folder, for example {@code step-0000000200}. */
    public String name() {
        return folder.getFileName().toString();
    }

    /** Training steps taken. */
    public long step() {
        return state.step();
    }

    /** Pairs seen, including skipped ones. */
    public long pairs() {
        return state.pairs();
    }

    /** Next offset of each partition. */
    public Offsets offsets() {
        return state.parsedOffsets();
    }

    /** All settings of the run that wrote the checkpoint. */
    public Map<String, String> settings() {
        return Map.copyOf(state.settings());
    }

    /** Result of the validation of these weights; empty if they were not validated. */
    public Optional<Score> score() {
        return state.score();
    }

    /** Keys of the networks whose weights the checkpoint holds. */
    public Set<String> networks() {
        try (CheckpointWeights weights = openWeights()) {
            return weights.networks();
        }
    }

    /** The values of one parameter. */
    public Tensor weight(String network, String parameter) {
        try (CheckpointWeights weights = openWeights()) {
            return weights.weight(network, parameter);
        }
    }

    /**
     * Opens the weights, for several reads of the same file.
     *
     * @throws CheckpointException if the file cannot be read
     */
    public CheckpointWeights openWeights() {
        return CheckpointWeights.open(folder);
    }

    /** Reads the weights of networks, given by key; no optimizer state. */
    public void readWeights(Map<String, Variables> networks) {
        readInto(networks, MODEL, spec -> true, Map.of(Kind.VALUE, ""));
    }

    /** Reads Adam's moments and update counts of the networks that were trained; those of others stay as they are. */
    public void readOptimizer(Map<String, Variables> networks) {
        Map<String, Variables> trained = new TreeMap<>(networks);
        trained.keySet().retainAll(state.updates().keySet());
        readInto(trained, OPTIMIZER, ParameterSpec::trainable, MOMENT_SUFFIXES);
        trained.forEach((key, variables) -> variables.setUpdates(state.updates().get(key)));
    }

    /** Number of pairs that the past pairs are a sample of; 0 if there are no past pairs. */
    public long offeredPairs() {
        return state.replay();
    }

    /** Number of past pairs. */
    public int pastPairCount() {
        return offeredPairs() == 0 ? 0 : read(REPLAY, reader -> reader.names().size() / 2);
    }

    /** Past pairs by index, from 0 to below {@link #pastPairCount}. */
    public List<PastPair> pastPairs(List<Integer> indices) {
        return indices.isEmpty()
                ? List.of()
                : read(REPLAY, reader -> {
                    List<PastPair> pairs = new ArrayList<>();
                    for (int index : indices) {
                        pairs.add(new PastPair(reader.bytes(index + ".a"), reader.bytes(index + ".b")));
                    }
                    return pairs;
                });
    }

    private interface FileQuery<R> {
        R apply(SafetensorsReader reader) throws IOException;
    }

    private <R> R read(String file, FileQuery<R> query) {
        try (SafetensorsReader reader = new SafetensorsReader(folder.resolve(file), maxHeaderBytes(file))) {
            return query.apply(reader);
        } catch (IOException | MalformedFile e) {
            throw CheckpointException.unusable(folder, e);
        }
    }

    /** {@link TensorCheck} has limited the header of the past pairs by their number. */
    private static int maxHeaderBytes(String file) {
        return file.equals(REPLAY) ? Integer.MAX_VALUE : SafetensorsReader.MAX_HEADER_BYTES;
    }

    private void readInto(
            Map<String, Variables> networks,
            String file,
            Predicate<ParameterSpec> selected,
            Map<Kind, String> suffixes) {
        read(file, reader -> {
            for (Map.Entry<String, Variables> network : networks.entrySet()) {
                for (ParameterSpec spec :
                        network.getValue().specs().stream().filter(selected).toList()) {
                    for (Map.Entry<Kind, String> kind : suffixes.entrySet()) {
                        String name = network.getKey() + "." + spec.name() + kind.getValue();
                        network.getValue().write(kind.getKey(), spec.name(), reader.tensor(name));
                    }
                }
            }
            return networks;
        });
    }
}
