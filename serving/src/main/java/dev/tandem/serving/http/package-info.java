/** The HTTP server: API, health, metrics, and the files and events of the dashboard. */
package dev.tandem.serving.http;
