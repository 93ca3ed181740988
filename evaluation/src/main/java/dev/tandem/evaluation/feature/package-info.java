/** Networks that turn images into feature vectors and perceptual distances. */
package dev.tandem.evaluation.feature;
