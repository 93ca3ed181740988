/** One class for each question that an evaluation answers. */
package dev.tandem.evaluation.measure;
