/** The questions that an evaluation answers; one class for each section of the report. */
package dev.tandem.evaluation.measure;
