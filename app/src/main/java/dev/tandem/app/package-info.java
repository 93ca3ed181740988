/** The program: command line and wiring. */
package dev.tandem.app;
