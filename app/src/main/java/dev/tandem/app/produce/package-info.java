/** Picture files on their way into a topic: made into records, checked, and sent once. */
package dev.tandem.app.produce;
