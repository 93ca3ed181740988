/** The measurements of the bench commands. */
package dev.tandem.app.bench;
