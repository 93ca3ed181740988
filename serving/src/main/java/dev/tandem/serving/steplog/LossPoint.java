package dev.tandem.serving.dashboard;

import dev.tandem.model.train.StepLosses;
import java.util.OptionalDouble;

/**
 * The losses of one step.
 *
 * @param diversity when last probed
 */
public record LossPoint(long step, long pairs, StepLosses losses, OptionalDouble diversity) {}
