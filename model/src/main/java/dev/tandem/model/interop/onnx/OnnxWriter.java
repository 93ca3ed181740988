package dev.tandem.model.interop.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.tandem.model.interop.onnx.OnnxGraph.Weight;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes an ONNX model, with one parameter in memory at a time: a message of protobuf in memory would hold all of them.
 *
 * @param model the fields of the model except the graph
 */
record OnnxWriter(ModelProto model, OnnxGraph graph) {
    /** A page of memory, or a multiple of it, so that each parameter can be mapped alone. */
    private static final int ALIGNMENT = 4096;

    /**
     * Smaller parameters are in the file of the model. A library maps the file of weights, and packs large weights. So it
     * unmaps all of that file, which frees the disk space of a deleted file.
     */
    private static final int MIN_EXTERNAL_BYTES = 1 << 16;

    private static final int CHUNK_BYTES = 1 << 16;

    /**
     * Writes one file. In protobuf, the fields of a message may be written in parts: first the graph without parameters,
     * then each parameter.
     */
    void writeTo(OutputStream stream) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(stream);
        GraphProto withoutWeights = graph.build();
        int size = withoutWeights.getSerializedSize();
        for (Weight weight : graph.weights()) {
            size += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER) + delimited(size(weight));
        }
        model.writeTo(out);
        writeLength(out, ModelProto.GRAPH_FIELD_NUMBER, size);
        withoutWeights.writeTo(out);
        for (Weight weight : graph.weights()) {
            writeLength(out, GraphProto.INITIALIZER_FIELD_NUMBER, size(weight));
            header(weight).build().writeTo(out);
            writeLength(out, TensorProto.RAW_DATA_FIELD_NUMBER, bytes(weight));
            // Of a ByteBuffer it would write the capacity, beyond the limit.
            writeValues(weight, chunk -> out.writeRawBytes(chunk.array(), 0, chunk.limit()));
        }
        out.flush();
    }

    /**
     * Writes the model without large parameters, and those as external data of ONNX into a second file in the same folder.
     *
     * @return size of all parameters in bytes
     */
    long writeTo(Path file, Path weightFile) throws IOException {
        GraphProto.Builder complete = graph.build().toBuilder();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(weightFile))) {
            long position = 0;
            for (Weight weight : graph.weights()) {
                if (bytes(weight) < MIN_EXTERNAL_BYTES) {
                    complete.addInitializer(header(weight).setRawData(rawData(weight)));
                    continue;
                }
                writeValues(weight, chunk -> out.write(chunk.array(), 0, chunk.limit()));
                complete.addInitializer(header(weight)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", weightFile.getFileName()))
                        .addExternalData(entry("offset", position))
                        .addExternalData(entry("length", bytes(weight))));
                int padding = Math.floorMod(-bytes(weight), ALIGNMENT);
                out.write(new byte[padding]);
                position += bytes(weight) + padding;
            }
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            model.toBuilder().setGraph(complete).build().writeTo(out);
        }
        return graph.weightBytes();
    }

    private static ByteString rawData(Weight weight) throws IOException {
        ByteString.Output data = ByteString.newOutput(bytes(weight));
        writeValues(weight, chunk -> data.write(chunk.array(), 0, chunk.limit()));
        return data.toByteString();
    }

    private static StringStringEntryProto entry(String key, Object value) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value.toString())
                .build();
    }

    private interface ChunkWriter {
        void write(ByteBuffer chunk) throws IOException;
    }

    /** In chunks, because arrays of the size of the weights would enlarge the heap. */
    private static void writeValues(Weight weight, ChunkWriter writer) throws IOException {
        float[] values = weight.values().get().data();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK_BYTES / Float.BYTES) {
            int count = Math.min(CHUNK_BYTES / Float.BYTES, values.length - from);
            chunk.clear().limit(count * Float.BYTES);
            chunk.asFloatBuffer().put(values, from, count);
            writer.write(chunk);
        }
    }

    /** The fields of a tensor except its values. */
    private static TensorProto.Builder header(Weight weight) {
        TensorProto.Builder header =
                TensorProto.newBuilder().setName(weight.name()).setDataType(TensorProto.DataType.FLOAT_VALUE);
        weight.shape().dimensions().forEach(header::addDims);
        return header;
    }

    private static int size(Weight weight) {
        return header(weight).build().getSerializedSize()
                + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
                + delimited(bytes(weight));
    }

    private static int bytes(Weight weight) {
        return Math.toIntExact(weight.bytes());
    }

    /** Size of a length and of that many bytes. */
    private static int delimited(int length) {
        return CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }

    private static void writeLength(CodedOutputStream out, int field, int length) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
    }
}
