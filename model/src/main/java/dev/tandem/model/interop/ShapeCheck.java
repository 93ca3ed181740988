package dev.tandem.model.interop;

import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the tensors of a file with the parameters of a network.
 *
 * @param problems receives a message for every kind of mismatch, with the names of the tensors
 */
record ShapeCheck(Member member, WeightFile file, List<String> problems) {
    private static final int MAX_LISTED = 8;
    /** Tensors without a use: PyTorch's counter of batches, and the running statistics of old instance norms. */
    private static final List<String> UNUSED_SUFFIXES = List.of("num_batches_tracked", "running_mean", "running_var");

    /**
     * Finds the parameters of the network in the file.
     *
     * @param expected parameters by their names in the file
     * @return the tensors that were found, with their names in checkpoints
     */
    List<Entry> entries(Map<String, ParameterSpec> expected) {
        List<Entry> entries = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> wrongShape = new ArrayList<>();
        expected.forEach((name, spec) -> {
            Optional<Shape> shape = file.shape(name);
            if (shape.isPresent() && shape.get().equals(spec.shape())) {
                entries.add(entry(spec, name));
            } else if (shape.isPresent()) {
                wrongShape.add(name + " is " + shape.get() + " instead of " + spec.shape());
            } else if (isBiasBeforeBatchNorm(spec, expected)) {
                entries.add(zeros(spec));
            } else {
                missing.add(name);
            }
        });
        addProblem("missing", missing);
        addProblem("not known", unknown(expected.keySet()));
        addProblem("of another shape", wrongShape);
        addProblem("not of a floating-point type", notFloat(expected.keySet()));
        return entries;
    }

    /** Finds parameters with NaN, with an infinite value, or with an F64 value beyond the range of float32. */
    void checkValues(Set<String> names) {
        addProblem("not finite as float32", file.notFinite(names));
    }

    private Entry entry(ParameterSpec spec, String name) {
        return new Entry(member.key() + "." + spec.name(), spec.shape(), () -> file.read(name));
    }

    private Entry zeros(ParameterSpec spec) {
        Tensor zeros = Tensor.zeros(spec.shape().toArray());
        return new Entry(member.key() + "." + spec.name(), spec.shape(), () -> zeros);
    }

    /** The authors' single-scale discriminators omit these biases, because the batch norm cancels them. */
    private static boolean isBiasBeforeBatchNorm(ParameterSpec spec, Map<String, ParameterSpec> expected) {
        String norm = spec.name().replaceFirst("bias$", "norm.weight");
        return spec.name().endsWith(".bias")
                && expected.values().stream().anyMatch(other -> other.name().equals(norm));
    }

    private List<String> unknown(Set<String> expected) {
        Set<String> unknown = new TreeSet<>(file.shapes().keySet());
        unknown.removeAll(expected);
        unknown.removeIf(name -> UNUSED_SUFFIXES.stream().anyMatch(name::endsWith));
        return List.copyOf(unknown);
    }

    private List<String> notFloat(Set<String> expected) {
        return expected.stream()
                .filter(file::has)
                .filter(name -> !file.isFloat(name))
                .sorted()
                .toList();
    }

    private void addProblem(String problem, List<String> names) {
        if (!names.isEmpty()) {
            String more = names.size() > MAX_LISTED ? " and " + (names.size() - MAX_LISTED) + " more" : "";
            problems.add(file.path() + ": " + problem + ": "
                    + names.stream().limit(MAX_LISTED).collect(Collectors.joining(", ")) + more);
        }
    }
}
