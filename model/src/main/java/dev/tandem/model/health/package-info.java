/** The health of the training: measured values and the alarms they raise. */
package dev.tandem.model.health;
