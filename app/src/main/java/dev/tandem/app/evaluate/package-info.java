/** How good a model's translations are, on inputs whose answers are known: data, then feature, metric, measure. */
package dev.tandem.app.evaluate;
