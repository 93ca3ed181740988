/** What an evaluation came to, as JSON and as a page. */
package dev.tandem.evaluation.report;
