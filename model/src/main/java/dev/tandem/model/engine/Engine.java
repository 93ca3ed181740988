package dev.tandem.model.engine;

import java.util.List;

/**
 * Runs phases on a device. Everything of one engine belongs to the thread that made it.
 *
 * <p>Closing it gives the device's memory back; its variables and programs are then unusable.
 */
public interface Engine extends AutoCloseable {

    /** The device in words, for people. */
    String device();

    /** Memory outside the heap that it holds, in bytes. May be asked from any thread. */
    long bytes();

    /** Reserves a network's parameters, all zero, with room for gradients and moments. */
    Variables allocate(List<ParameterSpec> specs);

    /** Reserves parameters that no optimizer touches (an average): values only. */
    Variables allocateConstant(List<ParameterSpec> specs);

    Program compile(Phase phase);

    /** {@code average = decay average + (1 - decay) source}, value by value. */
    void average(Variables average, Variables source, double decay);

    /** Euclidean length of the gradient computed last, over all parameters; not finite if any of it is not. */
    double gradientNorm(Variables variables);

    /** Copies all values. */
    void copy(Variables from, Variables to);

    @Override
    void close();
}
