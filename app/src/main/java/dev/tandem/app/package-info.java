/** The program: command line, wiring of a run, embedded broker, demo, doctor and bench commands. */
package dev.tandem.app;
