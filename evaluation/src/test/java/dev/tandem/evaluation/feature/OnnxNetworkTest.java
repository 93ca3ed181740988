package dev.tandem.evaluation.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.evaluation.TestTensors;
import dev.tandem.evaluation.feature.OnnxNetwork.Range;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses networks small enough to calculate their outputs by hand. */
class OnnxNetworkTest {
    private static final int SIDE = 8;
    private static final int[] ANY_SIZE = {-1, 3, -1, -1};

    @TempDir
    private Path folder;

    @Test
    void extract_range_scalesTheInput() {
        Path file = means(ANY_SIZE);
        Tensor two = Tensor.stack(List.of(TestTensors.filled(SIDE, -1, 0, 1), TestTensors.grey(SIDE, 1)));

        try (OnnxNetwork plain = OnnxNetwork.features(file, Range.MINUS_ONE_TO_ONE);
                OnnxNetwork bytes = OnnxNetwork.features(file, Range.ZERO_TO_255)) {
            assertThat(plain.extract(two)[0]).containsExactly(new double[] {-1, 0, 1}, within(1e-6));
            assertThat(plain.extract(two)[1]).containsExactly(new double[] {1, 1, 1}, within(1e-6));
            assertThat(bytes.extract(two)[0]).containsExactly(new double[] {0, 127.5, 255}, within(1e-4));
            assertThat(plain.name()).contains("at the images' own size");
        }
    }

    @Test
    void extract_fixedSize_resizesAndReportsIt() {
        try (OnnxNetwork network = OnnxNetwork.features(means(1, 3, 16, 12), Range.ZERO_TO_ONE)) {
            assertThat(network.extract(TestTensors.grey(SIDE, 1))[0])
                    .containsExactly(new double[] {1, 1, 1}, within(1e-6));
            assertThat(network.name()).contains("12x16", "bicubic");
        }
    }

    @Test
    void between_meanSquaredDifference_isComputed() {
        NodeProto difference = node("Sub", "difference", "a", "b").build();
        NodeProto square = node("Mul", "square", "difference", "difference").build();
        NodeProto mean = node("ReduceMean", "out", "square").build();
        Path file = write(graph(List.of("a", "b"), ANY_SIZE, difference, square, mean));

        try (OnnxNetwork network = OnnxNetwork.distance(file, Range.MINUS_ONE_TO_ONE)) {
            assertThat(network.between(TestTensors.grey(SIDE, 1), TestTensors.grey(SIDE, -1)))
                    .containsExactly(4);
        }
    }

    @Test
    void open_invalidFile_isAUserError() {
        Path file = folder.resolve("no.onnx");
        assertThatThrownBy(() -> OnnxNetwork.features(file, Range.ZERO_TO_ONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> OnnxNetwork.features(folder, Range.ZERO_TO_ONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no file");
        ImageFiles.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> OnnxNetwork.features(file, Range.ZERO_TO_ONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not an ONNX model");
        Path oneInput = means(ANY_SIZE);
        assertThatThrownBy(() -> OnnxNetwork.distance(oneInput, Range.ZERO_TO_ONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("must have 2 inputs of shape (N, C, H, W)");
    }

    @Test
    void extract_outputTooLong_isAUserError() {
        Path file =
                write(graph(List.of("a"), ANY_SIZE, node("Identity", "out", "a").build()));

        try (OnnxNetwork network = OnnxNetwork.features(file, Range.ZERO_TO_ONE)) {
            assertThatThrownBy(() -> network.extract(TestTensors.grey(64, 1)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("outputs 12288 numbers per image");
        }
    }

    @Test
    void extract_imagesWithTheWrongNumberOfChannels_isAUserError() {
        try (OnnxNetwork network = OnnxNetwork.features(means(-1, 1, SIDE, SIDE), Range.ZERO_TO_ONE)) {
            assertThatThrownBy(() -> network.extract(TestTensors.grey(SIDE, 1)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("cannot run on these images");
        }
    }

    /** Writes a network that outputs the mean of each channel. */
    private Path means(int... shape) {
        NodeProto mean = node("ReduceMean", "out", "a")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axes")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addInts(2)
                        .addInts(3))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("keepdims")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0))
                .build();
        return write(graph(List.of("a"), shape, mean));
    }

    private static NodeProto.Builder node(String operation, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operation)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static GraphProto graph(List<String> inputs, int[] shape, NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("test").addAllNode(List.of(nodes));
        inputs.forEach(name -> graph.addInput(value(name, shape)));
        return graph.addOutput(ValueInfoProto.newBuilder()
                        .setName("out")
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()))))
                .build();
    }

    private static ValueInfoProto value(String name, int[] shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        IntStream.of(shape)
                .forEach(length -> dimensions.addDim(
                        length < 0
                                ? TensorShapeProto.Dimension.newBuilder().setDimParam("batch")
                                : TensorShapeProto.Dimension.newBuilder().setDimValue(length)));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT.getNumber())
                                .setShape(dimensions)))
                .build();
    }

    private Path write(GraphProto graph) {
        Path file = folder.resolve(graph.getNodeCount() + "-" + graph.hashCode() + ".onnx");
        ImageFiles.write(
                file,
                ModelProto.newBuilder()
                        .setIrVersion(7)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                        .setGraph(graph)
                        .build()
                        .toByteArray());
        return file;
    }
}
