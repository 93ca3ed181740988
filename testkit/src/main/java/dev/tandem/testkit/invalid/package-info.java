/** Invalid records: a fixed corpus and random mutations. */
package dev.tandem.testkit.invalid;
