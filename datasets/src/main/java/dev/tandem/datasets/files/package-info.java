/** Reads and writes image files, folders of them and JSON results. */
package dev.tandem.datasets.files;
