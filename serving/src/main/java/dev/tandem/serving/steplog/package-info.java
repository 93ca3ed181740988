/** Writes and reads the step log, the audit log's file: one line of JSON per training step. */
package dev.tandem.serving.steplog;
