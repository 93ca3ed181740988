package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceMemoryException;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
    private static final String LOWER = ", or lower train.batch-size, model.image-size or model.width";
    private static final String FRAGMENTATION =
            " Of the allocated memory 14.00 GiB is allocated by PyTorch, and 1.00 GiB"
                    + " is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting"
                    + " PYTORCH_ALLOC_CONF=expandable_segments:True to avoid fragmentation.";
    private static final String TRACE =
            "\nException raised from malloc at CUDACachingAllocator.cpp:1500 (most recent call"
                    + " first):\nframe #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x98\n";

    @Test
    void recognize_gpuSharedWithAnotherProcess_namesThatProcessAndNoAdviceForPython() {
        assertThat(recognized(
                        "CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 79.11 GiB"
                                + " of which 310.00 MiB is free. Process 4711 has 60.20 GiB memory in use."
                                + FRAGMENTATION + TRACE))
                .hasMessage("the model needs more memory than the GPU has (Tried to allocate 512.00 MiB. GPU 0 has a"
                        + " total capacity of 79.11 GiB of which 310.00 MiB is free. Process 4711 has 60.20 GiB memory in"
                        + " use); end other processes that use the GPU" + LOWER);
    }

    @Test
    void recognize_limitedProcess_namesTheSetting() {
        assertThat(recognized(
                        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 1 has a total capacity of 79.11 GiB of"
                                + " which 70.00 GiB is free. 8.00 GiB allowed;" + FRAGMENTATION + TRACE))
                .hasMessage(
                        "the model needs more memory than the GPU has (Tried to allocate 2.00 GiB. GPU 1 has a total"
                                + " capacity of 79.11 GiB of which 70.00 GiB is free. 8.00 GiB allowed); raise"
                                + " run.max-device-memory, end other processes that use the GPU" + LOWER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: out of memory",
                "CUDA driver error: out of memory",
                "Unexpected error from cudaGetDeviceCount(). Error 2: out of memory",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"
            })
    void recognize_librariesOfCuda_areKnown(String line) {
        assertThat(recognized(
                        line + "\nCUDA kernel errors might be asynchronously reported at some other API call" + TRACE))
                .hasMessage("the model needs more memory than the GPU has (" + line
                        + "); end other processes that use the GPU" + LOWER);
    }

    @Test
    void recognize_otherErrors_areUnchanged() {
        RuntimeException illegal = new RuntimeException("CUDA error: an illegal memory access was encountered");
        RuntimeException silent = new RuntimeException();

        assertThat(OutOfMemory.recognize(illegal)).isSameAs(illegal);
        assertThat(OutOfMemory.recognize(silent)).isSameAs(silent);
    }

    @Test
    void zeros_largerThanTheMachine_isRejectedInOneLine() {
        Placement cpu = LibtorchProvider.placement(Device.CPU, ScalarType.Float, false);

        assertThatThrownBy(() -> cpu.zeros(1L << 55))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageStartingWith("the model needs more memory than the machine has (")
                .hasMessageEndingWith("); end other processes on the machine" + LOWER)
                .hasMessageNotContaining("\n");
    }

    private static RuntimeException recognized(String message) {
        RuntimeException recognized = OutOfMemory.recognize(new RuntimeException(message));
        assertThat(recognized).isInstanceOf(DeviceMemoryException.class).hasMessageNotContaining("\n");
        return recognized;
    }
}
