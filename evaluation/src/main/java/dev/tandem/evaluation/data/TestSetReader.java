package dev.tandem.evaluation.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Datasets;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads a test set from a folder or from a built-in data set. Pairs with identical A (pixel by pixel) count as one input
 * with several correct outputs.
 *
 * @param settings settings of the model
 * @param invalidFiles what happens with images that are not valid pairs
 */
public record TestSetReader(Settings settings, InvalidFiles invalidFiles) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An encoded A|B image; {@code origin} names it in messages. */
    private record EncodedPair(String name, String origin, Supplier<byte[]> image, boolean anyHue) {}

    /**
     * Reads a test set.
     *
     * <ul>
     *   <li>A folder that {@code dataset} wrote: its held-out part, or the part that is named (such as {@code DIR/val}).
     *   <li>Another folder: all its A|B images.
     *   <li>The name of a data set: the part that {@code demo} holds out.
     * </ul>
     *
     * @param data a folder, or the name of a data set
     * @throws UserError if there are fewer than two inputs, or an image is invalid
     */
    public TestSet read(String data) {
        Path folder = Path.of(data);
        if (!Files.isDirectory(folder)) {
            return readNamed(data);
        }
        if (Files.exists(folder.resolve(DatasetWriter.MANIFEST))) {
            return readManifest(
                    folder, "held-out part", file -> file.path("split").asText().equals(Split.HELD_OUT.folder()));
        }
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.exists(absolute.resolveSibling(DatasetWriter.MANIFEST))) {
            return readManifest(
                    absolute.getParent(),
                    "part " + absolute.getFileName(),
                    file -> file.path("file").asText().startsWith(absolute.getFileName() + "/"));
        }
        if (Files.isDirectory(folder.resolve(Split.TRAIN.folder()))) {
            throw new UserError(folder + " contains a folder " + Split.TRAIN.folder()
                    + "; set --data to the folder of held-out pairs, for instance "
                    + folder.resolve(Split.HELD_OUT.folder()));
        }
        return readFolder(folder);
    }

    private TestSet readNamed(String name) {
        long seed = settings.train().seed();
        int side = settings.model().imageSize().shorterSide();
        Dataset dataset = Datasets.named(name, seed);
        return testSet(
                name + ", held out by seed " + seed,
                dataset.attribution(),
                dataset.split(Split.HELD_OUT, seed).parallelStream()
                        .map(example -> encoded(name, example, side))
                        .toList());
    }

    private TestSet readManifest(Path folder, String part, Predicate<JsonNode> selected) {
        Path file = folder.resolve(DatasetWriter.MANIFEST);
        JsonNode manifest = parseManifest(file);
        List<EncodedPair> pairs = new ArrayList<>();
        for (JsonNode entry : manifest.path("files")) {
            if (selected.test(entry)) {
                pairs.add(pairInFile(folder.resolve(entry.path("file").asText()), entry.has(Shapes.HUE)));
            }
        }
        if (pairs.isEmpty()) {
            throw new UserError(file + " lists no files of the " + part + "; there is nothing to evaluate on");
        }
        return testSet(
                manifest.path("dataset").asText() + ", " + part + " of " + folder,
                manifest.path("attribution").asText(),
                pairs);
    }

    private static JsonNode parseManifest(Path file) {
        try {
            return JSON.readTree(ImageFiles.read(file));
        } catch (IOException e) {
            throw new UserError(file + " is not a manifest of `dataset` (" + e.getMessage() + ")", e);
        }
    }

    private TestSet readFolder(Path folder) {
        List<EncodedPair> pairs = ImageFiles.find(List.of(folder)).stream()
                .map(file -> pairInFile(file, false))
                .toList();
        return testSet(folder.toString(), "", pairs);
    }

    private static EncodedPair pairInFile(Path file, boolean anyHue) {
        return new EncodedPair(ImageFiles.stem(file), file.toString(), () -> ImageFiles.read(file), anyHue);
    }

    private static EncodedPair encoded(String dataset, Example example, int side) {
        byte[] image = PngEncoder.encode(example.render(side));
        return new EncodedPair(
                example.name(),
                dataset + "'s " + example.name(),
                () -> image,
                example.facts().containsKey(Shapes.HUE));
    }

    private TestSet testSet(String name, String attribution, List<EncodedPair> pairs) {
        Map<FloatBuffer, Group> groups = new LinkedHashMap<>();
        Map<Integer, String> problems = new TreeMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            try {
                addTo(groups, pairs.get(i));
            } catch (UserError e) {
                problems.put(i, e.getMessage());
            }
        }
        invalidFiles.valid("files", pairs, problems);
        List<TestInput> inputs = groups.values().stream().map(Group::input).toList();
        return new TestSet(name, attribution, inputs).requireEnough();
    }

    private void addTo(Map<FloatBuffer, Group> groups, EncodedPair pair) {
        ImagePair decoded = decode(pair);
        ImageScaler scaler = new ModelImages(settings).scaler();
        Tensor a = Images.tensor(scaler.a(decoded.a()), settings.model().inputChannels(), false);
        Tensor b = Images.tensor(scaler.b(decoded.b()), settings.model().outputChannels(), false);
        groups.computeIfAbsent(FloatBuffer.wrap(a.data()), key -> new Group(a)).add(pair, b);
    }

    private ImagePair decode(EncodedPair pair) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        try {
            return decoder.decode(pair.image().get(), Optional.empty());
        } catch (InvalidInput e) {
            throw new UserError(pair.origin() + " is not a valid A|B image: " + e.getMessage(), e);
        }
    }

    /** Collects the pairs that have one A. */
    private static final class Group {
        private final Tensor a;
        private final List<String> names = new ArrayList<>();
        private final Map<FloatBuffer, Tensor> truths = new LinkedHashMap<>();
        private boolean anyHue;

        private Group(Tensor a) {
            this.a = a;
        }

        private void add(EncodedPair pair, Tensor b) {
            names.add(pair.name());
            truths.putIfAbsent(FloatBuffer.wrap(b.data()), b);
            anyHue |= pair.anyHue();
        }

        private TestInput input() {
            return new TestInput(names, a, List.copyOf(truths.values()), anyHue);
        }
    }
}
