/** Shows images side by side: as a contact sheet and as a page. */
package dev.tandem.datasets.gallery;
