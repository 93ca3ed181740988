package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.engine.MemoryBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engine on ONNX Runtime, on one device. It counts the memory of the weights. */
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
        try (SessionOptions sessionOptions = new SessionOptions()) {
            DeviceOptions.set(sessionOptions, device, options.deterministic());
            OnnxRuntimeSession session = new OnnxRuntimeSession(
                    environment, environment.createSession(onnx.toString(), sessionOptions), options.operationTimes());
            session.onClose(() -> {
                sessions.remove(session);
                memory.release(bytes);
            });
            sessions.add(session);
            return session;
        } catch (OrtException e) {
            memory.release(bytes);
            throw new SettingsException("ONNX Runtime cannot load the networks on this device ("
                    + NativeLibrary.firstLine(e) + "); set translate.engine=model to do without it");
        }
    }

    @Override
    public void close() {
        List.copyOf(sessions).forEach(OnnxRuntimeSession::close);
    }
}
