package dev.tandem.engine.libtorch;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Gradients by libtorch's autograd. */
final class Gradients {
    private Gradients() {}

    /**
     * The gradients of a loss.
     *
     * @param leaves tensors by key
     * @return the gradients by the same keys; a leaf on which the loss does not depend has none
     */
    static <K> Map<K, Tensor> of(Tensor loss, Map<K, Tensor> leaves) {
        if (!loss.requires_grad()) {
            return Map.of();
        }
        TensorVector computed = grad(loss, leaves.values().toArray(Tensor[]::new), false);
        Map<K, Tensor> gradients = new HashMap<>();
        long index = 0;
        for (K key : leaves.keySet()) {
            Tensor gradient = computed.get(index++);
            if (gradient.defined()) {
                gradients.put(key, gradient);
            }
        }
        return gradients;
    }

    /** The gradient of a scalar by one leaf, which autograd can differentiate again. */
    static Tensor differentiable(Tensor scalar, Tensor leaf) {
        // A copy of the handle: get returns a reference into the vector.
        return new Tensor(grad(scalar, new Tensor[] {leaf}, true).get(0));
    }

    /** @param again whether the gradients will be differentiated, for which autograd keeps all intermediate values */
    private static TensorVector grad(Tensor scalar, Tensor[] leaves, boolean again) {
        return torch.grad(
                new TensorVector(scalar),
                new TensorVector(leaves),
                new TensorVector(),
                new BoolOptional(again),
                again,
                !again);
    }
}
