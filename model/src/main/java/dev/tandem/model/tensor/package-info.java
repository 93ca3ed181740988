/** Plain arrays with a shape: what crosses the border of the model. */
package dev.tandem.model.tensor;
