/** Whether a machine, its folders and its broker are fit for a run, and what to do where they are not. */
package dev.tandem.app.doctor;
