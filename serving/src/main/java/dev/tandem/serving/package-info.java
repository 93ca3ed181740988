/** HTTP API, dashboard, metrics and step log of a run. */
package dev.tandem.serving;
