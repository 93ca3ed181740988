/** Turns image files into records of a topic, and validates them as the reader of the topic does. */
package dev.tandem.datasets.records;
