package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.engine.MemoryBudget;
import dev.tandem.model.engine.NetworkLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine on ONNX Runtime, on one device. It counts the memory of the weights, and not that of intermediate values. */
final class OnnxRuntimeEngine implements InferenceEngine {
    private final OrtEnvironment environment;
    private final Device device;
    private final EngineOptions options;
    private final MemoryBudget memory;
    private final List<OnnxRuntimeSession> sessions = new ArrayList<>();

    OnnxRuntimeEngine(OrtEnvironment environment, Device device, EngineOptions options) {
        this.environment = environment;
        this.device = device;
        this.options = options;
        this.memory = MemoryBudget.of(device, options.limits());
    }

    @Override
    public String name() {
        return OnnxRuntimeProvider.NAME;
    }

    @Override
    public String device() {
        return options.device();
    }

    @Override
    public DeviceMemory memory() {
        return memory.memory();
    }

    @Override
    public InferenceSession load(Path onnx, long bytes) {
        memory.reserve(bytes);
        try {
            OnnxRuntimeSession session = open(onnx);
            session.onClose(() -> {
                sessions.remove(session);
                memory.release(bytes);
            });
            sessions.add(session);
            return session;
        } catch (RuntimeException | LinkageError e) {
            memory.release(bytes);
            throw e;
        }
    }

    private OnnxRuntimeSession open(Path onnx) {
        try (SessionOptions sessionOptions = new SessionOptions()) {
            DeviceOptions deviceOptions = DeviceOptions.of(device, options);
            deviceOptions.set(sessionOptions);
            return new OnnxRuntimeSession(
                    environment,
                    environment.createSession(onnx.toString(), sessionOptions),
                    deviceOptions.maxImages(),
                    options.operationTimes(),
                    this::failure);
        } catch (OrtException e) {
            throw outOfMemory(e)
                    .orElseGet(() -> new NetworkLoadException(
                            "ONNX Runtime cannot load the networks on this device (" + NativeLibrary.firstLine(e)
                                    + "); set translate.engine=model to do without it",
                            e));
        }
    }

    /** The exception for a run that failed. */
    private RuntimeException failure(OrtException e) {
        return outOfMemory(e)
                .orElseGet(() -> new IllegalStateException("ONNX Runtime failed: " + NativeLibrary.firstLine(e), e));
    }

    private Optional<RuntimeException> outOfMemory(OrtException e) {
        return OutOfMemory.recognize(e, device, options.limits().device().isPresent())
                .map(RuntimeException.class::cast);
    }

    @Override
    public void close() {
        List.copyOf(sessions).forEach(OnnxRuntimeSession::close);
    }
}
