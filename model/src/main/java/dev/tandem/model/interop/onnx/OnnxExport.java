package dev.tandem.model.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.interop.onnx.OnnxGraph.Value;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes the networks of a checkpoint as ONNX models for inference (running statistics, no dropout).
 *
 * <p>Generator: {@code a} (batch, C, H, W) in [-1, 1] and, if the model has a latent, {@code z} (batch, L) to {@code b}
 * (batch, C', H, W). Encoder: {@code b} to {@code mu} and {@code logvar} (batch, L).
 */
public final class OnnxExport {
    /** Version of the ONNX operator set. */
    public static final int OPSET = 13;

    private static final int IR_VERSION = 7;
    /** Protobuf limits a message to 2 GiB. */
    private static final long MAX_WEIGHT_BYTES = 2000L << 20;

    private final Checkpoint checkpoint;
    private final Networks networks;

    public OnnxExport(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.networks = Networks.of(Settings.ofProvenance(checkpoint.settings()));
    }

    /**
     * Writes the averaged generator, or the generator if the checkpoint has no average.
     *
     * @throws CheckpointException if the network is too large or the file cannot be written
     */
    public void writeGenerator(Path file) {
        String key = checkpoint.networks().contains(Checkpoint.AVERAGE) ? Checkpoint.AVERAGE : Member.GENERATOR.key();
        OnnxGraph graph = graph(Member.GENERATOR, key);
        Value a = graph.input("a", networks.inputShape(1));
        Optional<Value> z = networks.settings().latent() > 0
                ? Optional.of(graph.input("z", networks.latentShape(1)))
                : Optional.empty();
        graph.output(
                "b", networks.generator().forward(ForwardPass.inference(new OnnxOps(graph), graph::parameter), a, z));
        write(file, graph);
    }

    /** Whether the checkpoint has an encoder. */
    public boolean hasEncoder() {
        return networks.settings().encodes() && checkpoint.networks().contains(Member.ENCODER.key());
    }

    /**
     * Writes the encoder; {@link #hasEncoder} must be true.
     *
     * @throws CheckpointException if the network is too large or the file cannot be written
     */
    public void writeEncoder(Path file) {
        OnnxGraph graph = graph(Member.ENCODER, Member.ENCODER.key());
        Value b = graph.input("b", networks.outputShape(1));
        Posterior<Value> posterior =
                networks.encoder().forward(ForwardPass.inference(new OnnxOps(graph), graph::parameter), b);
        graph.output("mu", posterior.mu());
        graph.output("logvar", posterior.logVariance());
        write(file, graph);
    }

    private OnnxGraph graph(Member member, String network) {
        long bytes = networks.parameters(member).stream()
                .mapToLong(spec -> (long) Float.BYTES * spec.shape().size())
                .sum();
        if (bytes > MAX_WEIGHT_BYTES) {
            throw new CheckpointException("the " + member.key() + " has " + (bytes >> 20)
                    + " MiB of weights, but an ONNX file holds at most " + (MAX_WEIGHT_BYTES >> 20)
                    + " MiB; export a model with a smaller model.width");
        }
        return new OnnxGraph(network, name -> checkpoint.weight(network, name));
    }

    private void write(Path file, OnnxGraph graph) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("tandem")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph.build());
        checkpoint
                .settings()
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model.build().writeTo(out);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written (" + e.getMessage() + "); choose another file", e);
        }
    }
}
