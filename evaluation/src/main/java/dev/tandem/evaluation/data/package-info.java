/** Test sets (inputs with their true outputs) and the translations to evaluate. */
package dev.tandem.evaluation.data;
