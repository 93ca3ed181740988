/** Metrics of a run for Prometheus, and its readiness. */
package dev.tandem.serving.metrics;
