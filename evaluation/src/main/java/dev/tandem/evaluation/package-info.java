/**
 * Measures translations of inputs whose correct outputs are known. A library without Kafka; {@link
 * dev.tandem.evaluation.Evaluation} is its entry point.
 *
 * <p>Data flows through the sub-packages in this order: {@code data} (test sets and translations), {@code feature}
 * (networks), {@code metric} (formulas), {@code measure} (the five questions), {@code report} (JSON and HTML).
 */
package dev.tandem.evaluation;
