/** Invalid input: randomly damaged records. */
package dev.tandem.testkit.invalid;
