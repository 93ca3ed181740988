/** The demonstration: broker, data, training, translations and a gallery, in one process. */
package dev.tandem.app.demo;
