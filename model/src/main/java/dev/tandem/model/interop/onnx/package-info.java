/** Networks as ONNX graphs: one more way to walk them, beside shapes and the engine. */
package dev.tandem.model.interop.onnx;
