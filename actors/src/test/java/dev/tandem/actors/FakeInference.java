package dev.tandem.actors;

import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The inference engine of a test, which computes nothing, and fails to load a network when the test says so. */
final class FakeInference implements InferenceEngine {
    private Optional<RuntimeException> failure = Optional.empty();

    void failWith(RuntimeException exception) {
        failure = Optional.of(exception);
    }

    void recover() {
        failure = Optional.empty();
    }

    @Override
    public InferenceSession load(Path onnx, long bytes) {
        failure.ifPresent(exception -> {
            throw exception;
        });
        return new InferenceSession() {
            @Override
            public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int maxImages() {
                return 1;
            }

            @Override
            public void close() {
                // Nothing is allocated.
            }
        };
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String device() {
        return "fake";
    }

    @Override
    public DeviceMemory memory() {
        return DeviceMemory.NONE;
    }

    @Override
    public void close() {
        // Nothing is allocated.
    }
}
