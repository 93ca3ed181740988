/** Data sets of image pairs: generated ones, folders of images, records made from files, and contact sheets. No Kafka. */
package dev.tandem.datasets;
