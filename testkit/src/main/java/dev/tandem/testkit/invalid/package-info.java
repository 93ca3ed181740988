/** Invalid input: a fixed corpus of images and randomly damaged records. */
package dev.tandem.testkit.invalid;
