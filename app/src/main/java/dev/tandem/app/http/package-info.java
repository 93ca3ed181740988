/** What a run answers over HTTP: health, metrics, the API and the dashboard's pages and events. */
package dev.tandem.app.http;
