/** A Kafka broker inside this process, for the demo, development and tests. */
package dev.tandem.app.broker;
