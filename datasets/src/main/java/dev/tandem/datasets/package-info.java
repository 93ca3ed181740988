/** Folders of images, generated data sets, image records and contact sheets. No Kafka. */
package dev.tandem.datasets;
