package dev.tandem.model.conformance;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Runs ONNX files in ONNX Runtime. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /** The outputs of a network, by name. */
    static Map<String, Tensor> run(Path file, Map<String, Tensor> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> onnxInputs = new HashMap<>();
        try (OrtSession session = environment.createSession(file.toString())) {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                onnxInputs.put(input.getKey(), toOnnx(environment, input.getValue()));
            }
            Map<String, Tensor> outputs = new HashMap<>();
            try (OrtSession.Result results = session.run(onnxInputs)) {
                for (Map.Entry<String, OnnxValue> output : results) {
                    outputs.put(output.getKey(), fromOnnx((OnnxTensor) output.getValue()));
                }
            }
            return outputs;
        } finally {
            onnxInputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor) throws OrtException {
        long[] shape = tensor.shape().dimensions().stream()
                .mapToLong(Integer::longValue)
                .toArray();
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.data()), shape);
    }

    private static Tensor fromOnnx(OnnxTensor tensor) {
        float[] data = new float[tensor.getFloatBuffer().remaining()];
        tensor.getFloatBuffer().get(data);
        int[] dimensions = Arrays.stream(tensor.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        return new Tensor(Shape.of(dimensions), data);
    }
}
