/** Writes and reads the step log: one line of JSON for each training step. */
package dev.tandem.serving.steplog;
