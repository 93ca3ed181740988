/** Checkers of the guarantees; each compares what went in with what came out. */
package dev.tandem.testkit.guarantee;
