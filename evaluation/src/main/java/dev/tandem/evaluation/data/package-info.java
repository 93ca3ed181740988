/** The inputs to evaluate on, their true answers, and what was made of them. */
package dev.tandem.evaluation.data;
