/** Where records end that cannot be used. */
package dev.tandem.pipeline.deadletter;
