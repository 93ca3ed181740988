/** Dead letters: invalid records with the reason in their headers. */
package dev.tandem.pipeline.deadletter;
