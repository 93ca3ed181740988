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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A user's network: one picture in, a vector out (Inception, say); or two pictures in, a number out (LPIPS). */
public final class OnnxNetwork implements Features, PerceptualDistance {
    /** More would be maps, not a vector, and their covariance would fill the memory. */
    private static final int MOST_FEATURES = 4096;

    private static final int PICTURE_RANK = 4;

    private final Path file;
    private final Range range;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<NodeInfo> inputs;

    /** What a network takes black and white to be. */
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

    private OnnxNetwork(Path file, Range range, int pictures) {
        this.file = file;
        this.range = range;
        if (!Files.isReadable(file)) {
            throw new UserError("there is no file " + file);
        }
        try {
            this.session = environment.createSession(file.toString());
            this.inputs = List.copyOf(session.getInputInfo().values());
        } catch (OrtException e) {
            throw new UserError(file + " is no ONNX model that ONNX Runtime can run (" + e.getMessage() + ")", e);
        }
        if (inputs.size() != pictures || !inputs.stream().allMatch(OnnxNetwork::takesPictures)) {
            close();
            throw new UserError(
                    file + " takes " + inputs.size() + " inputs, but must take " + pictures + " of (N, C, H, W)"
                            + (pictures == 1
                                    ? ": a picture, of which it makes features"
                                    : ": two pictures, to tell their distance"));
        }
    }

    private static boolean takesPictures(NodeInfo input) {
        return input.getInfo() instanceof TensorInfo info && info.getShape().length == PICTURE_RANK;
    }

    /** @throws UserError if it is not a model with one input */
    public static OnnxNetwork features(Path file, Range range) {
        return new OnnxNetwork(file, range, 1);
    }

    /** @throws UserError if it is not a model with two inputs */
    public static OnnxNetwork distance(Path file, Range range) {
        return new OnnxNetwork(file, range, 2);
    }

    @Override
    public String name() {
        return file.getFileName() + " ("
                + size(0).map(side -> "pictures resized to " + side[1] + "x" + side[0] + ", bicubic with antialiasing")
                        .orElse("at the pictures' own size")
                + ")";
    }

    @Override
    public double[][] of(Tensor images) {
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

    /** One by one: a model may have been exported for a batch of one. */
    private double[] run(List<Tensor> images) {
        List<OnnxTensor> given = new ArrayList<>();
        try {
            Map<String, OnnxTensor> named = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                OnnxTensor tensor = tensor(fitted(images.get(i), size(i)));
                given.add(tensor);
                named.put(inputs.get(i).getName(), tensor);
            }
            try (OrtSession.Result result = session.run(named)) {
                return values(result.get(0));
            }
        } catch (OrtException e) {
            throw new UserError(file + " cannot be run on these pictures (" + e.getMessage() + ")", e);
        } finally {
            given.forEach(OnnxTensor::close);
        }
    }

    private double[] values(OnnxValue output) {
        if (!(output instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            throw new UserError(file + " must give float32 numbers, but gives " + output.getType());
        }
        FloatBuffer values = tensor.getFloatBuffer();
        if (values.remaining() > MOST_FEATURES) {
            throw new UserError(file + " gives " + values.remaining() + " numbers for a picture, but must give at most "
                    + MOST_FEATURES + "; let it end with a mean over all places");
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

    private static Tensor fitted(Tensor image, Optional<int[]> size) {
        Shape shape = image.shape();
        return size.filter(side -> side[0] != shape.height() || side[1] != shape.width())
                .map(side ->
                        Images.tensor(Images.resized(Images.picture(image), side[1], side[0]), shape.channels(), false))
                .orElse(image);
    }

    /** Height and width that an input is fixed to. */
    private Optional<int[]> size(int input) {
        long[] shape = ((TensorInfo) inputs.get(input).getInfo()).getShape();
        return shape.length == PICTURE_RANK && shape[2] > 0 && shape[3] > 0
                ? Optional.of(new int[] {(int) shape[2], (int) shape[3]})
                : Optional.empty();
    }
}
