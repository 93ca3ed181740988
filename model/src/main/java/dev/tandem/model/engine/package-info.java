/** The interfaces between the model and an engine: operations, parameters, phases and compiled programs. */
package dev.tandem.model.engine;
