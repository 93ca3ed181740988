package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.engine.OperationTimes;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A session of ONNX Runtime. */
final class OnnxRuntimeSession implements InferenceSession {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int maxImages;
    private final Optional<OperationTimes> times;
    private final Function<OrtException, RuntimeException> failure;
    private Runnable onClose = () -> {};
    private boolean closed;
    /** Buffers of inputs by name, which can be larger than the input. */
    private final Map<String, FloatBuffer> buffers = new HashMap<>();

    /** @param failure returns the exception for a run that failed */
    OnnxRuntimeSession(
            OrtEnvironment environment,
            OrtSession session,
            int maxImages,
            Optional<OperationTimes> times,
            Function<OrtException, RuntimeException> failure) {
        this.environment = environment;
        this.session = session;
        this.maxImages = maxImages;
        this.times = times;
        this.failure = failure;
    }

    void onClose(Runnable action) {
        onClose = action;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, OnnxTensor> onnxInputs = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                onnxInputs.put(input.getKey(), toOnnx(input.getKey(), input.getValue()));
            }
            long start = System.nanoTime();
            try (OrtSession.Result results = session.run(onnxInputs)) {
                times.ifPresent(measured -> measured.add("Run", System.nanoTime() - start));
                Map<String, Tensor> outputs = new HashMap<>();
                for (Map.Entry<String, OnnxValue> output : results) {
                    outputs.put(output.getKey(), fromOnnx((OnnxTensor) output.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw failure.apply(e);
        } finally {
            onnxInputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public int maxImages() {
        return maxImages;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            onClose.run();
        }
    }

    /** In a buffer outside the heap that is used again: a new one would stay until the next garbage collection. */
    private OnnxTensor toOnnx(String name, Tensor tensor) throws OrtException {
        FloatBuffer buffer = buffers.compute(
                name,
                (key, previous) -> previous != null && previous.capacity() >= tensor.data().length
                        ? previous
                        : ByteBuffer.allocateDirect(Float.BYTES * tensor.data().length)
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer());
        buffer.clear().put(tensor.data()).flip();
        long[] shape = tensor.shape().dimensions().stream()
                .mapToLong(Integer::longValue)
                .toArray();
        return OnnxTensor.createTensor(environment, buffer, shape);
    }

    private static Tensor fromOnnx(OnnxTensor tensor) {
        int[] dimensions = Arrays.stream(tensor.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        // The library copies the values to a new array.
        return new Tensor(Shape.of(dimensions), tensor.getFloatBuffer().array());
    }
}
