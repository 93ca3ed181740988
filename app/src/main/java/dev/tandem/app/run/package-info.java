/** A run: model, pipelines and HTTP server, from the start to a graceful shutdown. */
package dev.tandem.app.run;
