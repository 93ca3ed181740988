/** Reads and writes image files, folders of images and JSON files. */
package dev.tandem.datasets.files;
