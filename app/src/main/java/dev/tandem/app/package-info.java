/** The program: command line, wiring, embedded broker, demo and checks of the machine. */
package dev.tandem.app;
