/** Networks that see more in a picture than its pixels. */
package dev.tandem.evaluation.feature;
