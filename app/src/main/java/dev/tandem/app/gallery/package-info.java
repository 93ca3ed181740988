/** Pictures side by side, as one image and as a page. */
package dev.tandem.app.gallery;
