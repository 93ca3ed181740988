/** Checks whether a machine, its folders and its broker are ready for a run, and how to fix what is not. */
package dev.tandem.app.doctor;
