/** Metrics for Prometheus, and whether a run is ready. */
package dev.tandem.serving.metrics;
