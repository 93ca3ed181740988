package dev.tandem.app.evaluate.report;

/**
 * One measured number.
 *
 * @param key its name in JSON
 * @param meaning what it is, with its unit or range
 */
public record Figure(String key, String meaning, double value) {}
