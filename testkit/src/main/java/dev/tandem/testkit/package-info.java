/** Test helpers that modules share: Tandem and Kafka as processes, runs of a small model, test images. */
package dev.tandem.testkit;
