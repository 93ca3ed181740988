/** Scores of a model on held-out pairs during training. */
package dev.tandem.model.validation;
