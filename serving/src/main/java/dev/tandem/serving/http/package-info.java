/** Answers HTTP requests: health, metrics, the API, the files and events of the dashboard. */
package dev.tandem.serving.http;
