package dev.tandem.model.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An ONNX graph under construction: nodes in order of use, constants, and the parameters without their values. */
final class OnnxGraph {
    /** Name of the batch dimension, whose size is variable. */
    private static final String BATCH = "batch";

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Function<ParameterSpec, Tensor> values;
    private final Map<String, Value> parameters = new HashMap<>();
    private final List<Weight> weights = new ArrayList<>();
    /** Values that are derived from one parameter are written one after the other. */
    private Optional<NamedTensor> lastRead = Optional.empty();

    private int count;

    private record NamedTensor(String name, Tensor values) {}

    /** A value of the graph and its shape for a batch of one. */
    record Value(String name, Shape shape) {}

    /** A parameter, or a value derived from one. Its values are read when it is written, because all together are large. */
    record Weight(String name, Shape shape, Supplier<Tensor> values) {
        long bytes() {
            return (long) Float.BYTES * shape.size();
        }
    }

    /** @param values returns the values of a parameter */
    OnnxGraph(String name, Function<ParameterSpec, Tensor> values) {
        graph.setName(name);
        this.values = values;
    }

    Value input(String name, Shape shape) {
        graph.addInput(valueInfo(name, shape));
        return new Value(name, shape);
    }

    void output(String name, Value value) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value.name())
                .addOutput(name));
        graph.addOutput(valueInfo(name, value.shape()));
    }

    Value parameter(ParameterSpec spec) {
        return parameters.computeIfAbsent(spec.name(), name -> {
            weights.add(new Weight(name, spec.shape(), () -> read(spec)));
            return new Value(name, spec.shape());
        });
    }

    private Tensor read(ParameterSpec spec) {
        NamedTensor tensor = lastRead.filter(last -> last.name().equals(spec.name()))
                .orElseGet(() -> new NamedTensor(spec.name(), values.apply(spec)));
        lastRead = Optional.of(tensor);
        return tensor.values();
    }

    /** Returns a value that is computed from a parameter before it is written, instead of each time the graph runs. */
    Value derived(Value parameter, String name, Shape shape, UnaryOperator<Tensor> function) {
        Supplier<Tensor> source = weights.stream()
                .filter(weight -> weight.name().equals(parameter.name()))
                .findFirst()
                .orElseThrow()
                .values();
        Weight weight = new Weight(parameter.name() + "." + name, shape, () -> function.apply(source.get()));
        weights.add(weight);
        return new Value(weight.name(), shape);
    }

    Value constant(Shape shape, double... values) {
        Tensor tensor = new Tensor(shape, new float[values.length]);
        for (int i = 0; i < values.length; i++) {
            tensor.data()[i] = (float) values[i];
        }
        return initializer(uniqueName("constant"), tensor);
    }

    private Value initializer(String name, Tensor tensor) {
        TensorProto.Builder proto =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        tensor.shape().dimensions().forEach(proto::addDims);
        for (float value : tensor.data()) {
            proto.addFloatData(value);
        }
        graph.addInitializer(proto);
        return new Value(name, tensor.shape());
    }

    /** A constant of int64 values, as operators expect for shapes and axes. */
    Value integers(long... values) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName(uniqueName("integers"))
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(values.length);
        for (long value : values) {
            proto.addInt64Data(value);
        }
        graph.addInitializer(proto);
        return new Value(proto.getName(), Shape.of(values.length));
    }

    /** Appends a node with one output; an empty input name omits an optional input. */
    Value node(String operator, Shape result, List<String> inputs, AttributeProto... attributes) {
        String name = uniqueName(operator.toLowerCase(Locale.ROOT));
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(name)
                .addAllInput(inputs)
                .addOutput(name)
                .addAllAttribute(List.of(attributes)));
        return new Value(name, result);
    }

    /** The graph without the parameters. */
    GraphProto build() {
        return graph.build();
    }

    /** The parameters and derived values that the nodes use, which complete the graph. */
    List<Weight> weights() {
        Set<String> used = graph.getNodeList().stream()
                .flatMap(node -> node.getInputList().stream())
                .collect(Collectors.toSet());
        return weights.stream().filter(weight -> used.contains(weight.name())).toList();
    }

    /** Size of all weights in bytes. */
    long weightBytes() {
        return weights().stream().mapToLong(Weight::bytes).sum();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto number(String name, double value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF((float) value)
                .build();
    }

    static AttributeProto list(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private String uniqueName(String prefix) {
        count++;
        return prefix + "_" + count;
    }

    private static ValueInfoProto valueInfo(String name, Shape shape) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
        tensor.getShapeBuilder().addDim(Dimension.newBuilder().setDimParam(BATCH));
        for (int i = 1; i < shape.rank(); i++) {
            tensor.getShapeBuilder().addDim(Dimension.newBuilder().setDimValue(shape.dim(i)));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
