/** The terms of the losses, each a scalar; section 3 of the paper. */
package dev.tandem.model.loss;
