/** What people see on a terminal while a command runs. */
package dev.tandem.app.console;
