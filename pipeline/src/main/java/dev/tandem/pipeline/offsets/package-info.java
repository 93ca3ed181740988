/** Where translation continues when the committed offsets are missing or do not exist. */
package dev.tandem.pipeline.offsets;
