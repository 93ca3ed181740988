package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One checkpoint: a folder with {@code model.safetensors}, {@code optimizer.safetensors}, {@code state.json} and
 * {@code SHA256SUMS}, which {@code sha256sum -c} reads too; {@code replay.safetensors} if past pairs are kept.
 *
 * <p>Tensors are called {@code network.parameter}; the optimizer's add {@code .exp_avg} and {@code .exp_avg_sq}.
 */
public final class Checkpoint {
    /** The averaged generator among the networks. */
    public static final String AVERAGE = "generator_average";

    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String REPLAY = "replay.safetensors";
    private static final List<String> FILES = List.of(MODEL, OPTIMIZER, CheckpointState.FILE);
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
     * @param model weights
     * @param optimizer Adam's moments, of the networks that have been trained
     * @param updates Adam's counter, of the same networks by key
     */
    public record Content(
            long step,
            long pairs,
            Offsets offsets,
            List<Entry> model,
            List<Entry> optimizer,
            Map<String, Long> updates,
            Kept replay,
            Map<String, String> settings,
            Map<String, String> provenance) {}

    /**
     * Past pairs.
     *
     * @param offered how many they are a sample of
     */
    public record Kept(long offered, List<KeptPair> pairs) {
        public static final Kept NOTHING = new Kept(0, List.of());

        public Kept {
            pairs = List.copyOf(pairs);
        }
    }

    /** A and B of a past pair, (C, H, W), a byte each. */
    public record KeptPair(byte[] a, byte[] b) {}

    /** A network's weights as a checkpoint names them. */
    public static List<Entry> weights(String network, Variables variables) {
        return entries(network, variables, variables.specs(), Kind.VALUE, "");
    }

    /** A network's optimizer state as a checkpoint names it. */
    public static List<Entry> moments(String network, Variables variables) {
        List<ParameterSpec> learnt =
                variables.specs().stream().filter(ParameterSpec::trainable).toList();
        return MOMENTS.entrySet().stream()
                .flatMap(moment -> entries(network, variables, learnt, moment.getKey(), moment.getValue()).stream())
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
     * Opens a checkpoint's folder and verifies its files' checksums.
     *
     * @throws CheckpointException if it is damaged, incomplete, or of another format
     */
    public static Checkpoint open(Path folder) {
        try {
            Checksums.verify(folder, FILES);
            CheckpointState state = CheckpointState.read(folder);
            if (state.replay() > 0) {
                Checksums.verify(folder, List.of(REPLAY));
            }
            return new Checkpoint(folder, state);
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + folder + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    public static Path save(CheckpointStore store, Content content) {
        return store.save(content.step(), written -> written.pairs() == content.pairs(), unfinished -> {
            SafetensorsWriter.write(unfinished.resolve(MODEL), content.model());
            SafetensorsWriter.write(unfinished.resolve(OPTIMIZER), content.optimizer());
            CheckpointState state = new CheckpointState(
                    CheckpointState.FORMAT,
                    content.step(),
                    content.pairs(),
                    content.replay().offered(),
                    content.updates(),
                    CheckpointState.text(content.offsets()),
                    content.offsets().topics(),
                    content.settings(),
                    content.provenance());
            DurableFiles.write(unfinished.resolve(CheckpointState.FILE), state.toJson());
            List<String> files = new ArrayList<>(FILES);
            if (content.replay().offered() > 0) {
                SafetensorsWriter.write(unfinished.resolve(REPLAY), entries(content.replay()));
                files.add(REPLAY);
            }
            Checksums.write(unfinished, files);
        });
    }

    public Path folder() {
        return folder;
    }

    /** The folder's own name. */
    public String name() {
        return folder.getFileName().toString();
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
        read(MODEL, networks, spec -> true, Map.of(Kind.VALUE, ""));
    }

    /** Fills Adam's moments and counters of the networks that were trained; the others' begin anew. */
    public void readOptimizer(Map<String, Variables> networks) {
        Map<String, Variables> trained = new TreeMap<>(networks);
        trained.keySet().retainAll(state.updates().keySet());
        read(OPTIMIZER, trained, ParameterSpec::trainable, MOMENTS);
        trained.forEach((key, variables) -> variables.setUpdates(state.updates().get(key)));
    }

    /** How many pairs the past ones are a sample of; 0 if none were kept. */
    public long offered() {
        return state.replay();
    }

    /** How many past pairs it has. */
    public int keptPairs() {
        return offered() == 0 ? 0 : reading(REPLAY, reader -> reader.names().size() / 2);
    }

    /** Past pairs by their places, 0 to below {@link #keptPairs}. */
    public List<KeptPair> kept(List<Integer> places) {
        return places.isEmpty()
                ? List.of()
                : reading(REPLAY, reader -> {
                    List<KeptPair> pairs = new ArrayList<>();
                    for (int place : places) {
                        pairs.add(new KeptPair(reader.bytes(place + ".a"), reader.bytes(place + ".b")));
                    }
                    return pairs;
                });
    }

    private interface Reading<R> {
        R from(SafetensorsReader reader) throws IOException;
    }

    private <R> R reading(String file, Reading<R> reading) {
        try (SafetensorsReader reader = new SafetensorsReader(folder.resolve(file))) {
            return reading.from(reader);
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + folder + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static List<Entry> entries(Kept replay) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < replay.pairs().size(); i++) {
            KeptPair pair = replay.pairs().get(i);
            entries.add(Entry.ofBytes(i + ".a", Shape.of(pair.a().length), pair.a()));
            entries.add(Entry.ofBytes(i + ".b", Shape.of(pair.b().length), pair.b()));
        }
        return entries;
    }

    /** One parameter's values. */
    public Tensor weight(String network, String parameter) {
        return reading(MODEL, reader -> reader.tensor(network + "." + parameter));
    }

    /** The networks it has weights of. */
    public Set<String> networks() {
        return reading(
                MODEL,
                reader -> reader.names().stream()
                        .map(name -> name.substring(0, name.indexOf('.')))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private void read(
            String file, Map<String, Variables> networks, Predicate<ParameterSpec> wanted, Map<Kind, String> suffixes) {
        try (SafetensorsReader reader = new SafetensorsReader(folder.resolve(file))) {
            for (Map.Entry<String, Variables> network : networks.entrySet()) {
                for (ParameterSpec spec :
                        network.getValue().specs().stream().filter(wanted).toList()) {
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
}
