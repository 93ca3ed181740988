/** Whether learning goes well: what to look at, and when to raise an alarm. */
package dev.tandem.model.health;
