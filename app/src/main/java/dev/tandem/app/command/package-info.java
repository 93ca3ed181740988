/** One class per command: it reads options, calls the code that does the work, and prints the result. */
package dev.tandem.app.command;
