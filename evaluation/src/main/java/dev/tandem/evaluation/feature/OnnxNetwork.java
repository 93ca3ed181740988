package dev.tandem.evaluation.feature;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.Images;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network from an ONNX file. It maps one image to a feature vector (Inception, for instance) or two images to their
 * distance (LPIPS, for instance).
 */
public final class OnnxNetwork implements Features, PerceptualDistance {
    /** A longer output is feature maps instead of a vector, and its covariance matrix would exhaust the memory. */
    private static final int MAX_FEATURES = 4096;

    private static final int IMAGE_RANK = 4;

    private final Path file;
    private final Range range;
    private final OrtEnvironment environment = environment();
    private final OrtSession session;
    private final List<NodeInfo> inputs;

    /** The values that a network expects for black and white. */
    public enum Range {
        MINUS_ONE_TO_ONE(1, 0),
        ZERO_TO_ONE(0.5f, 0.5f),
        ZERO_TO_255(127.5f, 127.5f);

        private final float scale;
        private final float shift;

        Range(float scale, float shift) {
            this.scale = scale;
            this.shift = shift;
        }
    }

    private OnnxNetwork(Path file, Range range, int images) {
        this.file = file;
        this.range = range;
        // ONNX Runtime would wait for a FIFO and read a device to its end.
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UserError("there is no file " + file);
        }
        try {
            this.session = environment.createSession(file.toString());
            this.inputs = List.copyOf(session.getInputInfo().values());
        } catch (OrtException e) {
            throw new UserError(file + " is not an ONNX model that ONNX Runtime can run (" + e.getMessage() + ")", e);
        }
        if (inputs.size() != images || !inputs.stream().allMatch(OnnxNetwork::isImage)) {
            close();
            throw new UserError(
                    file + " must have " + images + (images == 1 ? " input" : " inputs") + " of shape (N, C, H, W) to "
                            + (images == 1 ? "compute features" : "compute a distance") + ", but its inputs are "
                            + inputs.stream().map(OnnxNetwork::describe).collect(Collectors.joining(", ")));
        }
    }

    private static OrtEnvironment environment() {
        try {
            return OrtEnvironment.getEnvironment();
        } catch (RuntimeException | LinkageError e) {
            throw new UserError(
                    "ONNX Runtime cannot be loaded on this machine (" + e.getMessage()
                            + "); evaluate without networks from ONNX files",
                    e);
        }
    }

    private static boolean isImage(NodeInfo input) {
        return input.getInfo() instanceof TensorInfo info && info.getShape().length == IMAGE_RANK;
    }

    private static String describe(NodeInfo input) {
        return input.getName() + " "
                + (input.getInfo() instanceof TensorInfo info ? Arrays.toString(info.getShape()) : input.getInfo());
    }

    /**
     * Opens a network that computes features.
     *
     * @throws UserError if the file is not an ONNX model with one image as input
     */
    public static OnnxNetwork features(Path file, Range range) {
        return new OnnxNetwork(file, range, 1);
    }

    /**
     * Opens a network that computes distances.
     *
     * @throws UserError if the file is not an ONNX model with two images as inputs
     */
    public static OnnxNetwork distance(Path file, Range range) {
        return new OnnxNetwork(file, range, 2);
    }

    @Override
    public String name() {
        return file.getFileName() + " ("
                + fixedSize(0)
                        .map(size -> "images resized to " + size[1] + "x" + size[0] + ", bicubic with antialiasing")
                        .orElse("at the images' own size")
                + ")";
    }

    @Override
    public double[][] extract(Tensor images) {
        return IntStream.range(0, images.shape().batch())
                .mapToObj(i -> run(List.of(images.rows(i, i + 1))))
                .toArray(double[][]::new);
    }

    @Override
    public double[] between(Tensor a, Tensor b) {
        return IntStream.range(0, a.shape().batch())
                .mapToDouble(i -> run(List.of(a.rows(i, i + 1), b.rows(i, i + 1)))[0])
                .toArray();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs one image or pair at a time, because the model may be exported for a batch of one. */
    private double[] run(List<Tensor> images) {
        List<OnnxTensor> opened = new ArrayList<>();
        try {
            Map<String, OnnxTensor> inputsByName = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                OnnxTensor tensor = tensor(resized(images.get(i), fixedSize(i)));
                opened.add(tensor);
                inputsByName.put(inputs.get(i).getName(), tensor);
            }
            try (OrtSession.Result result = session.run(inputsByName)) {
                return values(result.get(0));
            }
        } catch (OrtException e) {
            throw new UserError(file + " cannot run on these images (" + e.getMessage() + ")", e);
        } finally {
            opened.forEach(OnnxTensor::close);
        }
    }

    private double[] values(OnnxValue output) {
        if (!(output instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            throw new UserError(file + " must output float32 numbers, but outputs " + output.getType());
        }
        FloatBuffer values = tensor.getFloatBuffer();
        if (values.remaining() > MAX_FEATURES) {
            throw new UserError(file + " outputs " + values.remaining() + " numbers per image, but at most "
                    + MAX_FEATURES + " are allowed; end the network with a mean over all positions");
        }
        return IntStream.range(0, values.remaining()).mapToDouble(values::get).toArray();
    }

    private OnnxTensor tensor(Tensor image) throws OrtException {
        float[] data = image.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] = data[i] * range.scale + range.shift;
        }
        long[] shape = image.shape().dimensions().stream()
                .mapToLong(Integer::longValue)
                .toArray();
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(data), shape);
    }

    private static Tensor resized(Tensor image, Optional<int[]> size) {
        Shape shape = image.shape();
        return size.filter(fixed -> fixed[0] != shape.height() || fixed[1] != shape.width())
                .map(fixed ->
                        Images.tensor(Images.resized(Images.image(image), fixed[1], fixed[0]), shape.channels(), false))
                .orElse(image);
    }

    /** The height and width of an input, if they are fixed. */
    private Optional<int[]> fixedSize(int input) {
        long[] shape = ((TensorInfo) inputs.get(input).getInfo()).getShape();
        return shape.length == IMAGE_RANK && shape[2] > 0 && shape[3] > 0
                ? Optional.of(new int[] {(int) shape[2], (int) shape[3]})
                : Optional.empty();
    }
}
