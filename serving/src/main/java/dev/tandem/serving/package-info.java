/** What a run serves to people and programs: HTTP API, dashboard, metrics. */
package dev.tandem.serving;
