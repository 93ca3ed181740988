package dev.tandem.model.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.tandem.config.FileFault;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointWeights;
import dev.tandem.model.interop.onnx.OnnxGraph.Value;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.ForwardPass;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Weights;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Writes networks as ONNX models for inference (running statistics, no dropout).
 *
 * <p>Generator: {@code a} (batch, C, H, W) in [-1, 1] and, if the model has a latent, {@code z} (batch, L) to {@code b}
 * (batch, C', H, W). Encoder: {@code b} to {@code mu} and {@code logvar} (batch, L).
 */
public final class OnnxExport {
    /** Version of the ONNX operator set. */
    public static final int OPSET = 13;

    private static final int IR_VERSION = 7;
    /** Weights of one file: protobuf limits a message to 2 GiB. */
    private static final long MAX_WEIGHT_BYTES = 2000L << 20;

    private final Networks networks;
    private final boolean hasEncoder;
    private final Map<String, String> metadata;
    private final Function<Member, OnnxGraph> graphs;

    private OnnxExport(
            Networks networks, boolean hasEncoder, Map<String, String> metadata, Function<Member, OnnxGraph> graphs) {
        this.networks = networks;
        this.hasEncoder = networks.settings().encodes() && hasEncoder;
        this.metadata = Map.copyOf(metadata);
        this.graphs = graphs;
    }

    /** The networks of a checkpoint: the averaged generator, or the generator if the checkpoint has no average. */
    public static OnnxExport of(Checkpoint checkpoint) {
        return of(checkpoint, checkpoint.networks(), checkpoint::weight);
    }

    /** The networks of a checkpoint whose file of weights stays open. */
    public static OnnxExport of(Checkpoint checkpoint, CheckpointWeights weights) {
        return of(checkpoint, weights.networks(), weights::weight);
    }

    private static OnnxExport of(Checkpoint checkpoint, Set<String> saved, BiFunction<String, String, Tensor> weights) {
        boolean averaged = saved.contains(Checkpoint.AVERAGE);
        return new OnnxExport(
                Networks.of(Settings.ofProvenance(checkpoint.settings())),
                saved.contains(Member.ENCODER.key()),
                checkpoint.settings(),
                member -> {
                    String key = averaged && member == Member.GENERATOR ? Checkpoint.AVERAGE : member.key();
                    return new OnnxGraph(key, spec -> weights.apply(key, spec.name()));
                });
    }

    /** The networks with initial weights, random by {@code train.seed}. */
    public static OnnxExport ofInitialWeights(Settings settings) {
        return new OnnxExport(
                Networks.of(settings),
                true,
                settings.provenance(),
                member -> new OnnxGraph(
                        member.key(),
                        spec -> Weights.initialValue(
                                member, spec, settings.train().seed())));
    }

    /** Whether there is an encoder. */
    public boolean hasEncoder() {
        return hasEncoder;
    }

    /**
     * Writes the generator into a file.
     *
     * @throws CheckpointException if the network is too large or the file cannot be written
     */
    public void writeGenerator(Path file) {
        write(file, Member.GENERATOR, generator());
    }

    /**
     * Writes the encoder into a file; {@link #hasEncoder} must be true.
     *
     * @throws CheckpointException if the network is too large or the file cannot be written
     */
    public void writeEncoder(Path file) {
        write(file, Member.ENCODER, encoder());
    }

    /**
     * Writes the generator into two files of one folder, with large weights as external data in the second file. The size
     * of the network is not limited.
     *
     * @return size of all weights in bytes
     */
    public long writeGenerator(Path file, Path weightFile) throws IOException {
        return writer(generator()).writeTo(file, weightFile);
    }

    /** Writes the encoder in the same way; {@link #hasEncoder} must be true. */
    public long writeEncoder(Path file, Path weightFile) throws IOException {
        return writer(encoder()).writeTo(file, weightFile);
    }

    private OnnxGraph generator() {
        OnnxGraph graph = graphs.apply(Member.GENERATOR);
        Value a = graph.input("a", networks.inputShape(1));
        Optional<Value> z = networks.settings().latent() > 0
                ? Optional.of(graph.input("z", networks.latentShape(1)))
                : Optional.empty();
        graph.output(
                "b", networks.generator().forward(ForwardPass.inference(new OnnxOps(graph), graph::parameter), a, z));
        return graph;
    }

    private OnnxGraph encoder() {
        OnnxGraph graph = graphs.apply(Member.ENCODER);
        Value b = graph.input("b", networks.outputShape(1));
        Posterior<Value> posterior =
                networks.encoder().forward(ForwardPass.inference(new OnnxOps(graph), graph::parameter), b);
        graph.output("mu", posterior.mu());
        graph.output("logvar", posterior.logVariance());
        return graph;
    }

    private static void requireOneFile(Member member, OnnxGraph graph) {
        long bytes = graph.weightBytes();
        if (bytes > MAX_WEIGHT_BYTES) {
            throw new CheckpointException("the " + member.key() + " has " + (bytes >> 20)
                    + " MiB of weights, but an ONNX file holds at most " + (MAX_WEIGHT_BYTES >> 20)
                    + " MiB; export a model with a smaller model.width");
        }
    }

    private void write(Path file, Member member, OnnxGraph graph) {
        requireOneFile(member, graph);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            writer(graph).writeTo(out);
        } catch (IOException e) {
            throw new CheckpointException(
                    file + " cannot be written (" + FileFault.reason(e, file) + "); choose another file", e);
        }
    }

    private OnnxWriter writer(OnnxGraph graph) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("tandem")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET));
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return new OnnxWriter(model.build(), graph);
    }
}
