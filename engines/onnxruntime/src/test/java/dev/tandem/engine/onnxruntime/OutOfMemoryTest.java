package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtException;
import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.engine.NetworkLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
    private static final String LOWER = ", or lower train.batch-size, model.image-size or model.width";

    @TempDir
    private Path folder;

    /** The texts of ONNX Runtime 1.28 on the CPU are from its runs, those of GPUs from its source. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Non-zero status code returned while running Conv node. Status Message: std::bad_alloc",
                "bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t) Failed to allocate memory for"
                        + " requested buffer of size 70368744177664",
                "bfc_arena.cc:368 Available memory of 1024 is smaller than requested bytes of 4096",
                "CUDA failure 2: out of memory ; GPU=0 ; hostname=host ; expr=cudaMalloc((void**)&p, size);",
                "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0"
            })
    void recognize_textAboutMemory_isOneLineWithTheRemedy(String text) {
        OrtException exception = new OrtException(text + "\n at a place of the source");

        assertThat(OutOfMemory.recognize(exception, Device.CPU, false).orElseThrow())
                .hasMessage("the model needs more memory than the machine has (" + text
                        + "); end other processes on the machine" + LOWER);
        assertThat(OutOfMemory.recognize(exception, Device.cuda(0), false).orElseThrow())
                .hasMessage("the model needs more memory than the GPU has (" + text
                        + "); end other processes that use the GPU" + LOWER);
        assertThat(OutOfMemory.recognize(exception, Device.cuda(0), true).orElseThrow())
                .hasMessage("the model needs more memory than the GPU has (" + text
                        + "); raise run.max-device-memory, end other processes that use the GPU" + LOWER);
    }

    @Test
    void recognize_otherFailures_areNotAboutMemory() {
        assertThat(OutOfMemory.recognize(new OrtException("Got invalid dimensions for input: a"), Device.CPU, false))
                .isEmpty();
    }

    @Test
    void loadAndRun_networkLargerThanTheMachine_isRejectedAndNotCounted() throws IOException {
        Path file = Files.write(folder.resolve("network.onnx"), zeros(1L << 61).toByteArray());
        try (InferenceEngine engine = new OnnxRuntimeProvider().open(Device.CPU, EngineOptions.on("test"))) {
            assertThatThrownBy(() -> {
                        try (InferenceSession session = engine.load(file, 8)) {
                            session.run(Map.of());
                        }
                    })
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageStartingWith("the model needs more memory than the machine has (")
                    .hasMessageNotContaining("\n");
            assertThat(engine.memory().used()).isZero();
        }
    }

    @Test
    void load_notANetwork_isAnotherFailureAndNotCounted() throws IOException {
        Path file = Files.writeString(folder.resolve("network.onnx"), "not a network");
        try (InferenceEngine engine = new OnnxRuntimeProvider().open(Device.CPU, EngineOptions.on("test"))) {
            assertThatThrownBy(() -> engine.load(file, 8))
                    .isInstanceOf(NetworkLoadException.class)
                    .hasMessageStartingWith("ONNX Runtime cannot load the networks on this device (")
                    .hasMessageNotContaining("\n");
            assertThat(engine.memory().used()).isZero();
        }
    }

    /** A network whose output is a constant. */
    private static ModelProto zeros(long count) {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("zeros")
                        .addInitializer(TensorProto.newBuilder()
                                .setName("shape")
                                .setDataType(TensorProto.DataType.INT64_VALUE)
                                .addDims(1)
                                .addInt64Data(count))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("ConstantOfShape")
                                .addInput("shape")
                                .addOutput("zeros"))
                        .addOutput(ValueInfoProto.newBuilder()
                                .setName("zeros")
                                .setType(TypeProto.newBuilder()
                                        .setTensorType(TypeProto.Tensor.newBuilder()
                                                .setElemType(TensorProto.DataType.FLOAT_VALUE)))))
                .build();
    }
}
