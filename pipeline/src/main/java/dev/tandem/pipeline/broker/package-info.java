/** The broker and the topics themselves: whether they are there, which they are, and how much waits in them. */
package dev.tandem.pipeline.broker;
