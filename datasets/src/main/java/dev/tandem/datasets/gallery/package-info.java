/** Shows images side by side, as a contact sheet and as an HTML page. */
package dev.tandem.datasets.gallery;
