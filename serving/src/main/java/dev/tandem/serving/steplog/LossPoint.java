package dev.tandem.serving.steplog;

import dev.tandem.model.train.StepLosses;
import java.util.OptionalDouble;

/**
 * The losses of one training step.
 *
 * @param step number of the step, from 1
 * @param pairs pairs that the model has been trained on, including this step
 * @param diversity diversity of the newest probe; empty before the first probe
 * @param heldOutL1 error of the nearest translation of held-out inputs, if they were validated after this step
 */
public record LossPoint(long step, long pairs, StepLosses losses, OptionalDouble diversity, OptionalDouble heldOutL1) {}
