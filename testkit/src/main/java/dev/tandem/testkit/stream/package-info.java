/** Test kits for streams: base classes, runs of a small model, and the records they read and write. */
package dev.tandem.testkit.stream;
