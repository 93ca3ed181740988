package dev.tandem.model.train;

import dev.tandem.model.engine.StagedInput;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/** The pairs of one step as inputs of its phases: the first and the last ones, which can overlap. */
final class StepPairs implements AutoCloseable {
    private final Tensor a;
    private final Tensor b;
    private final Sides first;
    /** Empty if both branches train on all pairs. */
    private final Optional<Sides> last;

    /** Images A and B of the same pairs. */
    private record Sides(StagedInput a, StagedInput b) {
        void close() {
            a.close();
            b.close();
        }
    }

    /**
     * @param branchSize number of the first pairs, and of the last pairs
     * @param staging begins to copy a tensor to the device
     */
    StepPairs(Tensor a, Tensor b, int branchSize, Function<Tensor, StagedInput> staging) {
        int size = a.shape().batch();
        this.a = a;
        this.b = b;
        this.first = new Sides(staging.apply(a.rows(0, branchSize)), staging.apply(b.rows(0, branchSize)));
        this.last = branchSize == size
                ? Optional.empty()
                : Optional.of(new Sides(
                        staging.apply(a.rows(size - branchSize, size)),
                        staging.apply(b.rows(size - branchSize, size))));
    }

    /** Whether these are the pairs of the same two tensors. */
    boolean areOf(Tensor otherA, Tensor otherB) {
        return a == otherA && b == otherB;
    }

    Input firstA() {
        return first.a().input();
    }

    Input firstB() {
        return first.b().input();
    }

    /** Empty if the last pairs are the first ones. */
    Optional<Input> lastA() {
        return last.map(sides -> sides.a().input());
    }

    /** Empty if the last pairs are the first ones. */
    Optional<Input> lastB() {
        return last.map(sides -> sides.b().input());
    }

    @Override
    public void close() {
        first.close();
        last.ifPresent(Sides::close);
    }
}
