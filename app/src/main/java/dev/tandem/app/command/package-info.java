/** One class per command: reads options, calls, prints. */
package dev.tandem.app.command;
