/** Export of networks as ONNX models. */
package dev.tandem.model.interop.onnx;
