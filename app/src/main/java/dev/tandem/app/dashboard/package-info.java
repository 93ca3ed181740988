/** What the dashboard shows of a run: losses, state, dead letters, probes; bounded, however long the run. */
package dev.tandem.app.dashboard;
