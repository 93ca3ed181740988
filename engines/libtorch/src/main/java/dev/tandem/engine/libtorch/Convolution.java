package dev.tandem.engine.libtorch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Convolutions of images with one kernel size, stride and padding for both axes. */
final class Convolution {
    static final long[] NO_DILATION = {1, 1};
    private static final int ONE_GROUP = 1;
    private static final int HEIGHT = 2;
    private static final int WIDTH = 3;

    private Convolution() {}

    /** An operation on images, a weight, and a bias that may be absent. */
    @FunctionalInterface
    interface Operation {
        Tensor apply(Tensor images, Tensor weight, TensorOptional bias);
    }

    static Tensor of(Tensor images, Tensor weight, TensorOptional bias, int stride, int padding) {
        return torch.conv2d(images, weight, bias, square(stride), square(padding), NO_DILATION, ONE_GROUP);
    }

    static Tensor transposed(Tensor images, Tensor weight, TensorOptional bias, int stride, int padding) {
        return torch.conv_transpose2d(
                images, weight, bias, square(stride), square(padding), square(0), ONE_GROUP, NO_DILATION);
    }

    static Tensor ofUpsampled(Tensor images, Tensor weight, TensorOptional bias) {
        Tensor upsampled = torch.upsample_nearest2d(images, 2 * images.size(HEIGHT), 2 * images.size(WIDTH));
        return of(upsampled, weight, bias, 1, 1);
    }

    /** The same value for both axes. */
    static long[] square(int side) {
        return new long[] {side, side};
    }
}
