/** Measures of pictures, (1, C, H, W) in [-1, 1], and of feature vectors; differences count in [0, 1]. */
package dev.tandem.evaluation.metric;
