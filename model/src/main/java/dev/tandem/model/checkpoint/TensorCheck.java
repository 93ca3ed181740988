package dev.tandem.model.checkpoint;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks the tensor files of a checkpoint: their checksums, and that their tensors are those of the networks that the
 * settings of the checkpoint describe, with values that a training can have.
 *
 * <p>A file that is larger than these networks allow is rejected before it is read.
 */
final class TensorCheck {
    private static final String RUNNING_VARIANCE = ".running_var";
    private static final int REPLAY_HEADER_BYTES = 4096;
    private static final int REPLAY_HEADER_BYTES_PER_PAIR = 256;

    private final Path folder;
    private final CheckpointState state;
    private final Settings settings;
    private final Networks networks;
    /** Parameters by key of the network, with those of the averaged generator. */
    private final Map<String, List<ParameterSpec>> parameters = new TreeMap<>();

    private TensorCheck(Path folder, CheckpointState state) {
        this.folder = folder;
        this.state = state;
        this.settings = state.parsedSettings();
        this.networks = Networks.of(settings);
        for (Member member : networks.members()) {
            parameters.put(member.key(), networks.parameters(member));
        }
        parameters.put(Checkpoint.AVERAGE, parameters.get(Member.GENERATOR.key()));
    }

    /** @throws CheckpointException if a file is damaged or has other tensors */
    static void check(Path folder, CheckpointState state) throws IOException {
        try {
            TensorCheck check = new TensorCheck(folder, state);
            check.checkModel();
            check.checkOptimizer();
            if (state.replay() > 0) {
                check.checkReplay();
            }
        } catch (ArithmeticException e) {
            throw new MalformedFile(
                    folder.resolve(CheckpointState.FILE), "describes a model with more than 2^31 weights in a tensor");
        }
    }

    private void checkModel() throws IOException {
        Path file = Checksums.verify(folder, Checkpoint.MODEL, maxBytes(expected(parameters.keySet(), Kind.VALUE, "")));
        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            Set<String> saved = reader.names().stream()
                    .map(Checkpoint::network)
                    .filter(parameters::containsKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            require(file, saved.contains(Member.GENERATOR.key()), "has no generator");
            requireFloats(file, reader, expected(saved, Kind.VALUE, ""));
        }
    }

    private void checkOptimizer() throws IOException {
        require(
                folder.resolve(CheckpointState.FILE),
                parameters.keySet().containsAll(state.updates().keySet()),
                "has updates of an unknown network");
        Map<String, Shape> expected = new TreeMap<>();
        Checkpoint.MOMENT_SUFFIXES.forEach(
                (kind, suffix) -> expected.putAll(expected(state.updates().keySet(), kind, suffix)));
        Path file = Checksums.verify(folder, Checkpoint.OPTIMIZER, maxBytes(expected));
        try (SafetensorsReader reader = new SafetensorsReader(file)) {
            requireFloats(file, reader, expected);
        }
    }

    private void checkReplay() throws IOException {
        long maxPairs = Math.min(state.replay(), settings.train().replay().capacity());
        int sizeA = networks.inputShape(1).size();
        int sizeB = networks.outputShape(1).size();
        int maxHeader = Math.toIntExact(REPLAY_HEADER_BYTES + REPLAY_HEADER_BYTES_PER_PAIR * maxPairs);
        Path file = Checksums.verify(folder, Checkpoint.REPLAY, Long.BYTES + maxHeader + maxPairs * (sizeA + sizeB));
        try (SafetensorsReader reader = new SafetensorsReader(file, maxHeader)) {
            Map<String, Shape> expected = new TreeMap<>();
            for (int i = 0; i < reader.names().size() / 2; i++) {
                expected.put(i + ".a", Shape.of(sizeA));
                expected.put(i + ".b", Shape.of(sizeB));
            }
            requireTensors(file, reader, expected, ElementType.U8);
        }
    }

    /** Names and shapes of the tensors of some networks. */
    private Map<String, Shape> expected(Set<String> keys, Kind kind, String suffix) {
        Map<String, Shape> expected = new TreeMap<>();
        keys.forEach(key -> parameters.get(key).stream()
                .filter(spec -> kind == Kind.VALUE || spec.trainable())
                .forEach(spec -> expected.put(key + "." + spec.name() + suffix, spec.shape())));
        return expected;
    }

    private static long maxBytes(Map<String, Shape> tensors) {
        return SafetensorsReader.MAX_HEADER_BYTES
                + tensors.values().stream()
                        .mapToLong(shape -> (long) Float.BYTES * shape.size())
                        .sum();
    }

    private static void requireFloats(Path file, SafetensorsReader reader, Map<String, Shape> expected)
            throws IOException {
        requireTensors(file, reader, expected, ElementType.F32);
        for (String name : expected.keySet()) {
            require(file, reader.isFinite(name), "has a value of tensor " + name + " that is not finite");
            boolean isVariance = name.endsWith(RUNNING_VARIANCE)
                    || name.endsWith(Checkpoint.MOMENT_SUFFIXES.get(Kind.SECOND_MOMENT));
            require(
                    file,
                    !isVariance || reader.isNonNegative(name),
                    "has a value of tensor " + name + " that is negative");
        }
    }

    private static void requireTensors(
            Path file, SafetensorsReader reader, Map<String, Shape> expected, ElementType type) {
        expected.forEach((name, shape) -> {
            require(
                    file,
                    reader.shape(name).equals(shape),
                    "has tensor " + name + " of shape " + reader.shape(name) + " instead of " + shape);
            require(
                    file,
                    reader.type(name) == type,
                    "has tensor " + name + " of type " + reader.type(name) + " instead of " + type);
        });
        Set<String> unknown = new TreeSet<>(reader.names());
        unknown.removeAll(expected.keySet());
        require(
                file,
                unknown.isEmpty(),
                "has an unknown tensor, " + unknown.stream().findFirst().orElse(""));
    }

    private static void require(Path file, boolean valid, String problem) {
        if (!valid) {
            throw new MalformedFile(file, problem);
        }
    }
}
