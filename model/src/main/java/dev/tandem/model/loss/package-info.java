/** The terms of the losses (section 3 of the paper). */
package dev.tandem.model.loss;
