/** Image pairs for demonstrations and measurements, made by the program. */
package dev.tandem.app.dataset;
