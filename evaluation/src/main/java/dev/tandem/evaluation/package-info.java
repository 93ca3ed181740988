/** How faithful, diverse and realistic translations are, on inputs whose correct outputs are known. A library without Kafka: data, then feature, metric, measure, report. */
package dev.tandem.evaluation;
