package dev.tandem.engine.libtorch;

import dev.tandem.model.tensor.Shape;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where tensors live: a device of libtorch and a type of element. Creates tensors there, and copies between them and the
 * heap.
 *
 * @param device libtorch's name of the device, for instance {@code cpu} or {@code cuda:0}
 */
record Placement(String device, ScalarType type) {

    int elementBytes() {
        return type == ScalarType.Double ? Double.BYTES : Float.BYTES;
    }

    /** A tensor of zeros, which the caller must close. */
    Tensor zeros(long... dimensions) {
        return NativeMemory.keep(() -> torch.zeros(dimensions, options()));
    }

    /** A tensor with these elements in row-major order, which the caller must close. */
    Tensor of(double[] elements, long... dimensions) {
        return NativeMemory.keep(
                () -> Tensor.create(elements, dimensions).to(options(), false, true, new MemoryFormatOptional()));
    }

    /** Copies elements from the heap, row-major, into a tensor with the same number of elements. */
    void write(float[] elements, Tensor target) {
        NativeMemory.free(() -> {
            if (isOnHost() && type == ScalarType.Float && target.is_contiguous()) {
                new FloatPointer(target.data_ptr()).put(elements);
            } else {
                target.copy_(Tensor.create(elements, target.shape()));
            }
        });
    }

    /** Copies the elements of a tensor to the heap, in row-major order. */
    float[] readFloats(Tensor source) {
        return NativeMemory.freeAfter(() -> {
            float[] elements = new float[Math.toIntExact(source.numel())];
            new FloatPointer(onHost(source, ScalarType.Float).data_ptr()).get(elements);
            return elements;
        });
    }

    /** Copies the elements of a tensor to the heap in double precision, in row-major order. */
    double[] readDoubles(Tensor source) {
        return NativeMemory.freeAfter(() -> {
            double[] elements = new double[Math.toIntExact(source.numel())];
            new DoublePointer(onHost(source, ScalarType.Double).data_ptr()).get(elements);
            return elements;
        });
    }

    static long[] dimensions(Shape shape) {
        return shape.dimensions().stream().mapToLong(Integer::longValue).toArray();
    }

    private boolean isOnHost() {
        return device.equals("cpu");
    }

    private TensorOptions options() {
        return new TensorOptions().dtype(new ScalarTypeOptional(type)).device(new DeviceOptional(new Device(device)));
    }

    private static Tensor onHost(Tensor source, ScalarType type) {
        return source.detach().to(new Device("cpu"), type).contiguous();
    }
}
