/** Turns folders of images into records of a topic and checks them as the reader of the topic will. */
package dev.tandem.datasets.records;
