/** Checkers of the guarantees. Each compares what went in with what came out and lists the violations. */
package dev.tandem.testkit.guarantee;
