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
 * Compares one network's file with what the network needs.
 *
 * @param complaints takes what does not fit, by name
 */
record ShapeCheck(Member member, WeightFile file, List<String> complaints) {
    private static final int LISTED = 8;
    /** What PyTorch keeps beside parameters: a counter that plays no part, and what old instance norms kept for nothing. */
    private static final List<String> BESIDE = List.of("num_batches_tracked", "running_mean", "running_var");

    /**
     * @param expected what the file should have, by the names it should have there
     * @return what was found, by the names of checkpoints
     */
    List<Entry> entries(Map<String, ParameterSpec> expected) {
        List<Entry> entries = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        expected.forEach((name, spec) -> {
            Optional<Shape> shape = file.shape(name);
            if (shape.isPresent() && shape.get().equals(spec.shape())) {
                entries.add(entry(spec, name));
            } else if (shape.isPresent()) {
                misshaped.add(name + " is " + shape.get() + " instead of " + spec.shape());
            } else if (isBiasBeforeABatchNorm(spec, expected)) {
                entries.add(zeros(spec));
            } else {
                absent.add(name);
            }
        });
        complain("missing", absent);
        complain("not known", unknown(expected.keySet()));
        complain("of another shape", misshaped);
        complain("not float32", notFloat(expected.keySet()));
        return entries;
    }

    private Entry entry(ParameterSpec spec, String name) {
        return new Entry(member.key() + "." + spec.name(), spec.shape(), () -> file.read(name));
    }

    private Entry zeros(ParameterSpec spec) {
        Tensor zeros = Tensor.zeros(spec.shape().toArray());
        return new Entry(member.key() + "." + spec.name(), spec.shape(), () -> zeros);
    }

    /** The authors' single-scale discriminators leave these out, for the norm takes them out again. */
    private static boolean isBiasBeforeABatchNorm(ParameterSpec spec, Map<String, ParameterSpec> expected) {
        String norm = spec.name().replaceFirst("bias$", "norm.weight");
        return spec.name().endsWith(".bias")
                && expected.values().stream().anyMatch(other -> other.name().equals(norm));
    }

    private List<String> unknown(Set<String> expected) {
        Set<String> unknown = new TreeSet<>(file.shapes().keySet());
        unknown.removeAll(expected);
        unknown.removeIf(name -> BESIDE.stream().anyMatch(name::endsWith));
        return List.copyOf(unknown);
    }

    private List<String> notFloat(Set<String> expected) {
        return expected.stream()
                .filter(file::has)
                .filter(name -> !file.isFloat32(name))
                .sorted()
                .toList();
    }

    private void complain(String what, List<String> names) {
        if (!names.isEmpty()) {
            String more = names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "";
            complaints.add(file.path() + ": " + what + ": "
                    + names.stream().limit(LISTED).collect(Collectors.joining(", ")) + more);
        }
    }
}
