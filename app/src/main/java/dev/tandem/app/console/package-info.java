/** Progress bars of the commands. */
package dev.tandem.app.console;
