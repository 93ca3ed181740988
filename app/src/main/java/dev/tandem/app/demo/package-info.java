/** The demo: trains on a data set through Kafka, translates held-out inputs, and writes a gallery. */
package dev.tandem.app.demo;
