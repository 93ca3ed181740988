/** Keeps what the dashboard shows: losses, run status, dead letters and probe images, in bounded memory. */
package dev.tandem.serving.dashboard;
