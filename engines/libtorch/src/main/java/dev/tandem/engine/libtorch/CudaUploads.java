package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.StagedInput;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Copies tensors to a GPU on a stream of its own, so that the GPU computes meanwhile. The code runs only after {@link
 * NativeLibrary#load}.
 */
final class CudaUploads implements AutoCloseable {
    private final byte gpu;
    private final Placement placement;
    private final CUDAStream stream;
    private final Set<Upload> open = new HashSet<>();

    private CudaUploads(byte gpu, Placement placement, CUDAStream stream) {
        this.gpu = gpu;
        this.placement = placement;
        this.stream = stream;
    }

    static CudaUploads open(byte gpu, Placement placement) {
        return NativeMemory.freeAfter(() -> new CudaUploads(
                gpu, placement, torch_cuda.getStreamFromPool(false, gpu).retainReference()));
    }

    StagedInput stage(dev.tandem.model.tensor.Tensor tensor) {
        Upload upload = NativeMemory.freeAfter(() -> {
            CUDAStreamGuard guard = new CUDAStreamGuard(stream.unwrap());
            try {
                Tensor onDevice = placement.upload(tensor.data(), tensor.shape());
                CUDAEvent copied = new CUDAEvent();
                copied.record(stream);
                return new Upload(tensor.shape(), onDevice, copied.retainReference());
            } finally {
                guard.close();
            }
        });
        open.add(upload);
        return upload;
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Upload::close);
        stream.close();
    }

    private final class Upload implements StagedInput {
        private final Shape shape;
        private final Tensor onDevice;
        private final CUDAEvent copied;

        Upload(Shape shape, Tensor onDevice, CUDAEvent copied) {
            this.shape = shape;
            this.onDevice = onDevice;
            this.copied = copied;
        }

        @Override
        public Input input() {
            NativeMemory.free(() -> copied.block(torch_cuda.getCurrentCUDAStream(gpu)));
            return new TorchTensor(onDevice, shape, placement);
        }

        @Override
        public void close() {
            if (open.remove(this)) {
                // The next upload must not overwrite the memory before programs have read it.
                NativeMemory.free(() -> onDevice.record_stream(
                        torch_cuda.getCurrentCUDAStream(gpu).unwrap()));
                onDevice.close();
                copied.close();
            }
        }
    }
}
