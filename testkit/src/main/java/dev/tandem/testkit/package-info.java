/**
 * Test helpers that several modules share. Production code never uses them.
 *
 * <ul>
 *   <li>{@code guarantee}: checkers of the guarantees
 *   <li>{@code process}: Tandem and Kafka as processes that a test can kill, suspend and resume
 *   <li>{@code client}: plain Kafka and HTTP clients
 *   <li>{@code stream}: base classes, runs of a small model, and records for them
 *   <li>{@code invalid}: randomly damaged records
 * </ul>
 */
package dev.tandem.testkit;
