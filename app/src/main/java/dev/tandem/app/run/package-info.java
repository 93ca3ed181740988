/** A run: model, streams, health endpoints; from start to a clean end. */
package dev.tandem.app.run;
