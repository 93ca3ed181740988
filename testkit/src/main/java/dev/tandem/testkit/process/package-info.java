/** Tandem and Kafka as processes of their own, and the programs and ports of this machine. */
package dev.tandem.testkit.process;
