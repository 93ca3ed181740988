package dev.tandem.model.engine;

import java.nio.file.Path;

/**
 * Computes networks whose weights do not change, from ONNX files. It cannot train.
 *
 * <p>An inference engine and its sessions are used only by the thread that opened the engine.
 */
public interface InferenceEngine extends Backend {

    /**
     * Loads a network. The files may be deleted after that.
     *
     * @param onnx an ONNX file, whose weights can be in other files of its folder; inputs and outputs are float32
     * @param bytes size of the weights
     * @throws DeviceMemoryException if the network does not fit into the memory
     * @throws NetworkLoadException if the library cannot load it
     */
    InferenceSession load(Path onnx, long bytes);
}
