/**
 * Data sets of image pairs and image files: generated sets, folders of images, records made from files, translations of
 * files, and contact sheets. No Kafka.
 */
package dev.tandem.datasets;
