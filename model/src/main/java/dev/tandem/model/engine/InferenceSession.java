package dev.tandem.model.engine;

import dev.tandem.model.tensor.Tensor;
import java.util.Map;

/** A network that an {@link InferenceEngine} has loaded. Closing it frees its memory. */
public interface InferenceSession extends AutoCloseable {

    /**
     * Computes the outputs.
     *
     * @param inputs by name
     * @return the outputs by name
     * @throws DeviceMemoryException if the device has too little memory
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs);

    /** Returns the largest number of images that one run should compute; 1 if only single images are tested. */
    int maxImages();

    @Override
    void close();
}
