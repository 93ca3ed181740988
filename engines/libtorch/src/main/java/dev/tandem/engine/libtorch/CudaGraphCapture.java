package dev.tandem.engine.libtorch;

import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.CUDAAllocator;
import org.bytedeco.pytorch.cuda.CUDAGuard;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Captures CUDA graphs in the same steps as libtorch's {@code at::cuda::CUDAGraph}, which the Java binding lacks. Random
 * numbers are inputs of the phases, so a graph has no state of a generator.
 *
 * <p>A stream of its own captures, and nothing else uses it. A graph is replayed on the current stream, like all other work
 * of the engine. The code runs only after {@link NativeLibrary#load}: a build for CPUs does not have the libraries
 * that it calls.
 */
final class CudaGraphCapture implements GraphCapture {
    private static final long FLAGS =
            cudart.cudaGraphInstantiateFlagAutoFreeOnLaunch | cudart.cudaGraphInstantiateFlagUseNodePriority;

    private final byte gpu;
    private final CUDAStream stream;
    /** The two numbers by which libtorch identifies the memory pool of all graphs. */
    private final LongPointer poolId;

    private CudaGraphCapture(byte gpu, CUDAStream stream, LongPointer poolId) {
        this.gpu = gpu;
        this.stream = stream;
        this.poolId = poolId;
    }

    static CudaGraphCapture open(byte gpu) {
        return NativeMemory.freeAfter(() -> {
            CUDAStream stream = torch_cuda.getStreamFromPool(false, gpu);
            LongPointer poolId = new LongPointer(2);
            // libtorch counts its own pools from 1, so an address is unique. MemPool.graph_pool_handle is not used:
            // the Java class of its result belongs to another C++ class, and freeing it would corrupt memory.
            poolId.put(0, 0).put(1, poolId.address());
            return new CudaGraphCapture(gpu, stream.retainReference(), poolId.retainReference());
        });
    }

    @Override
    public Graph capture(Runnable code) {
        return NativeMemory.freeAfter(() -> {
            // The pool of the graphs cannot use the memory that eager runs left in the cache.
            torch_cuda.getAllocator().emptyCache();
            CUDAStreamGuard guard = new CUDAStreamGuard(stream.unwrap());
            try {
                return new CudaGraph(executable(code));
            } finally {
                guard.close();
            }
        });
    }

    /** Allocates from the pool of the graphs while the stream captures. Autograd's thread allocates, too. */
    private CUgraphExec_st executable(Runnable code) {
        CUDAAllocator allocator = torch_cuda.getAllocator();
        boolean isCaptured = false;
        StreamFilter filter = new OnStream(stream.stream().address());
        allocator.beginAllocateToPool(gpu, pool(), filter);
        try {
            CUgraphExec_st executable;
            try {
                executable = instantiated(captured(code));
            } finally {
                allocator.endAllocateToPool(gpu, pool());
                filter.close();
            }
            isCaptured = true;
            return executable;
        } finally {
            if (!isCaptured) {
                releasePool();
            }
        }
    }

    /**
     * The capture is local to the thread: calls that a capture does not allow, for instance of ONNX Runtime, succeed in
     * other threads.
     */
    private CUgraph_st captured(Runnable code) {
        check(cudart.cudaStreamBeginCapture(stream.stream(), cudart.cudaStreamCaptureModeThreadLocal));
        CUgraph_st graph = new CUgraph_st();
        boolean isSubmitted = false;
        try {
            code.run();
            isSubmitted = true;
        } finally {
            int ended = cudart.cudaStreamEndCapture(stream.stream(), graph);
            if (isSubmitted) {
                check(ended);
            } else {
                destroy(graph);
            }
        }
        return graph;
    }

    private static CUgraphExec_st instantiated(CUgraph_st graph) {
        CUgraphExec_st executable = new CUgraphExec_st();
        int result = cudart.cudaGraphInstantiateWithFlags(executable, graph, FLAGS);
        destroy(graph);
        check(result);
        return executable;
    }

    private static void destroy(CUgraph_st graph) {
        if (!graph.isNull()) {
            cudart.cudaGraphDestroy(graph);
        }
        forgetError();
    }

    private static void check(int result) {
        if (result != cudart.cudaSuccess) {
            forgetError();
            throw new IllegalStateException(
                    "CUDA error: " + cudart.cudaGetErrorString(result).getString());
        }
    }

    /** Otherwise libtorch would report the last error again, for its next kernel. */
    private static void forgetError() {
        cudart.cudaGetLastError();
    }

    private DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair pool() {
        return new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(poolId);
    }

    /** Each capture holds the pool once. */
    private void releasePool() {
        torch_cuda.getAllocator().releasePool(gpu, pool());
    }

    @Override
    public void close() {
        stream.close();
        poolId.close();
    }

    /** Accepts the memory of one stream. */
    private static final class OnStream extends StreamFilter {
        private final long address;

        OnStream(long address) {
            this.address = address;
        }

        @Override
        public boolean call(Pointer candidate) {
            return candidate != null && candidate.address() == address;
        }
    }

    private final class CudaGraph implements Graph {
        private final CUgraphExec_st executable;

        CudaGraph(CUgraphExec_st executable) {
            this.executable = executable;
        }

        @Override
        public void replay() {
            NativeMemory.free(() -> {
                // The default stream has no address: it is that of the current GPU.
                CUDAGuard guard = new CUDAGuard(gpu);
                try {
                    check(cudart.cudaGraphLaunch(executable, torch_cuda.getCurrentCUDAStream(gpu).stream()));
                } finally {
                    guard.close();
                }
            });
        }

        @Override
        public void close() {
            NativeMemory.free(() -> {
                cudart.cudaGraphExecDestroy(executable);
                forgetError();
                releasePool();
            });
        }
    }
}
