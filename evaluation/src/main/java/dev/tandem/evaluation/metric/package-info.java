/**
 * Formulas on images and on feature vectors. Images are tensors (1, C, H, W) in [-1, 1]; differences are scaled to [0, 1].
 */
package dev.tandem.evaluation.metric;
