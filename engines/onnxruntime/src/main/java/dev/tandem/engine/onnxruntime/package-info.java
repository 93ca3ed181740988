/**
 * The inference engine on ONNX Runtime: it computes networks whose weights do not change.
 *
 * <p>{@link dev.tandem.model.interop.onnx.OnnxExport} writes the networks as ONNX files, and a session of ONNX Runtime runs
 * each of them. Nothing here trains.
 */
package dev.tandem.engine.onnxruntime;
