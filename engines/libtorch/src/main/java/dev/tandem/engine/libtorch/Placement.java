package dev.tandem.engine.libtorch;

import dev.tandem.model.tensor.Shape;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where tensors live: a device of libtorch, a type of element, and the order of the elements of images and of weights of
 * convolutions. Creates tensors there, and copies between them and the heap.
 *
 * @param device libtorch's name of the device, for instance {@code cpu} or {@code cuda:0}
 * @param channelsLast whether the channels of a pixel are neighbours in memory, instead of the pixels of a channel
 */
record Placement(String device, ScalarType type, boolean channelsLast) {
    /** Number of axes of images and of weights of convolutions. */
    private static final int IMAGE_AXES = 4;

    int elementBytes() {
        return type == ScalarType.Double ? Double.BYTES : Float.BYTES;
    }

    /** A tensor of zeros, which the caller must close. */
    Tensor zeros(long... dimensions) {
        return NativeMemory.keep(() -> torch.zeros(dimensions, options()));
    }

    /** A tensor of zeros for an input, which the caller must close. */
    Tensor input(Shape shape) {
        return NativeMemory.keep(() -> inLayout(torch.zeros(dimensions(shape), options())));
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

    /** A tensor on the device with these elements, row-major, which the caller must close. A GPU continues meanwhile. */
    Tensor upload(float[] elements, Shape shape) {
        return NativeMemory.keep(() -> staged(elements, dimensions(shape))
                .to(new Device(device), type, true, true, new MemoryFormatOptional(MemoryFormat.Contiguous)));
    }

    /** Copies elements from the heap, row-major, into a tensor with the same shape. A GPU continues meanwhile. */
    void upload(float[] elements, Tensor target) {
        if (isOnHost()) {
            write(elements, target);
        } else {
            NativeMemory.free(() -> target.copy_(staged(elements, target.shape()), true));
        }
    }

    /** Page-locked memory, which the GPU reads by itself. libtorch does not reuse it until the GPU has read it. */
    private static Tensor staged(float[] elements, long... dimensions) {
        TensorOptions options = new TensorOptions()
                .dtype(new ScalarTypeOptional(ScalarType.Float))
                .device(new DeviceOptional(new Device("cpu")))
                .pinned_memory(new BoolOptional(true));
        Tensor staged = torch.empty(dimensions, options, new MemoryFormatOptional());
        new FloatPointer(staged.data_ptr()).put(elements);
        return staged;
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

    /** Orders the elements of images in memory as this placement says. */
    Tensor inLayout(Tensor tensor) {
        return hasChannelsLast(tensor.dim()) ? tensor.contiguous(MemoryFormat.ChannelsLast) : tensor;
    }

    /** A view of flat elements with a shape. {@link #flatten} is the reverse. */
    Tensor view(Tensor flat, Shape shape) {
        long[] d = dimensions(shape);
        return hasChannelsLast(d.length) ? flat.view(d[0], d[2], d[3], d[1]).permute(0, 3, 1, 2) : flat.view(d);
    }

    /** The elements of a tensor in the order of {@link #view}. */
    Tensor flatten(Tensor tensor) {
        return (hasChannelsLast(tensor.dim()) ? tensor.permute(0, 2, 3, 1) : tensor).flatten();
    }

    private boolean hasChannelsLast(long axes) {
        return channelsLast && axes == IMAGE_AXES;
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
