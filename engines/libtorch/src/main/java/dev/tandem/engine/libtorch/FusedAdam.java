package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Adam;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/** libtorch's Adam in one kernel. The Java binding has no method for it, so the dispatcher calls it by its name. */
final class FusedAdam {
    private static final double NO_WEIGHT_DECAY = 0;

    private FusedAdam() {}

    /**
     * Updates values and moments in place.
     *
     * @param step number of this update, from 1, as a scalar of the type of the values
     */
    static void update(
            Adam adam, Tensor values, Tensor gradients, Tensor firstMoments, Tensor secondMoments, Tensor step) {
        IValueVector arguments = new IValueVector(
                list(values),
                list(gradients),
                list(firstMoments),
                list(secondMoments),
                list(),
                list(step),
                new IValue(adam.learningRate()),
                new IValue(adam.beta1()),
                new IValue(adam.beta2()),
                new IValue(NO_WEIGHT_DECAY),
                new IValue(adam.epsilon()),
                new IValue(false),
                new IValue(false),
                new IValue(),
                new IValue());
        Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adam_", "").callBoxed(arguments);
    }

    /** A list of tensors. The constructor of {@code IValue} for a vector of tensors would abort the process. */
    private static IValue list(Tensor... tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor));
        }
        return new IValue(list);
    }
}
