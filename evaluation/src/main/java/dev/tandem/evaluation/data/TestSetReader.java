package dev.tandem.evaluation.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Datasets;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads pairs and puts together those with the very same A.
 *
 * <p>From a folder that {@code dataset} has written, the held-out part; from another folder, all its A|B images; or a data
 * set by its name, held out as {@code demo} holds it out.
 *
 * @param settings the model's
 */
public record TestSetReader(Settings settings) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FEWEST = 2;

    private record Item(String name, String origin, byte[] joined, boolean anyHue) {}

    /** @throws UserError if there is nothing to read, or a picture is none */
    public TestSet read(String data) {
        Path folder = Path.of(data);
        if (!Files.isDirectory(folder)) {
            return named(data);
        }
        if (Files.exists(folder.resolve(DatasetWriter.MANIFEST))) {
            return ofManifest(
                    folder, "held-out part", file -> file.path("split").asText().equals(Split.HELD_OUT.folder()));
        }
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.exists(absolute.resolveSibling(DatasetWriter.MANIFEST))) {
            return ofManifest(
                    absolute.getParent(),
                    "part " + absolute.getFileName(),
                    file -> file.path("file").asText().startsWith(absolute.getFileName() + "/"));
        }
        if (Files.isDirectory(folder.resolve(Split.TRAIN.folder()))) {
            throw new UserError(folder + " has a folder " + Split.TRAIN.folder()
                    + "; name the one with pairs that were not learnt from, for instance " + folder.resolve("val"));
        }
        return ofFolder(folder);
    }

    private TestSet named(String name) {
        long seed = settings.train().seed();
        int side = settings.model().imageSize().shorterSide();
        Dataset dataset = Datasets.named(name, seed);
        return set(
                name + ", held out by seed " + seed,
                dataset.attribution(),
                dataset.of(Split.HELD_OUT, seed).parallelStream()
                        .map(example -> new Item(
                                example.name(),
                                name + "'s " + example.name(),
                                PngEncoder.encode(example.joined().apply(side)),
                                example.facts().containsKey(Shapes.HUE))));
    }

    private TestSet ofManifest(Path folder, String part, Predicate<JsonNode> wanted) {
        JsonNode manifest = manifest(folder.resolve(DatasetWriter.MANIFEST));
        List<Item> items = new ArrayList<>();
        for (JsonNode file : manifest.path("files")) {
            if (wanted.test(file)) {
                Path path = folder.resolve(file.path("file").asText());
                items.add(item(path, file.has(Shapes.HUE)));
            }
        }
        if (items.isEmpty()) {
            throw new UserError(folder.resolve(DatasetWriter.MANIFEST) + " names no file of its " + part
                    + "; there is nothing to evaluate on");
        }
        return set(
                manifest.path("dataset").asText() + ", " + part + " of " + folder,
                manifest.path("attribution").asText(),
                items.stream());
    }

    private static JsonNode manifest(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserError(file + " is not what `dataset` writes (" + e.getMessage() + ")", e);
        }
    }

    private TestSet ofFolder(Path folder) {
        return set(
                folder.toString(), "", ImageFiles.find(List.of(folder)).stream().map(file -> item(file, false)));
    }

    private static Item item(Path file, boolean anyHue) {
        return new Item(ImageFiles.stem(file), file.toString(), ImageFiles.read(file), anyHue);
    }

    private TestSet set(String name, String attribution, Stream<Item> items) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        Map<FloatBuffer, Group> groups = new LinkedHashMap<>();
        items.forEachOrdered(item -> {
            ImagePair pair = decoded(decoder, item);
            Tensor a = tensor(pair.a(), settings.model().inputChannels());
            groups.computeIfAbsent(FloatBuffer.wrap(a.data()), key -> new Group(a))
                    .add(item, tensor(pair.b(), settings.model().outputChannels()));
        });
        if (groups.size() < FEWEST) {
            throw new UserError(name + " has " + groups.size() + " input; there must be " + FEWEST + " or more");
        }
        return new TestSet(
                name, attribution, groups.values().stream().map(Group::input).toList());
    }

    private static ImagePair decoded(PairDecoder decoder, Item item) {
        try {
            return decoder.decode(item.joined(), Optional.empty());
        } catch (InvalidInput e) {
            throw new UserError(item.origin() + " is no usable A|B image: " + e.getMessage(), e);
        }
    }

    private Tensor tensor(BufferedImage picture, int channels) {
        return Images.tensor(new ModelImages(settings).resized(picture), channels, false);
    }

    private static final class Group {
        private final Tensor a;
        private final List<String> names = new ArrayList<>();
        private final Map<FloatBuffer, Tensor> truths = new LinkedHashMap<>();
        private boolean anyHue;

        private Group(Tensor a) {
            this.a = a;
        }

        private void add(Item item, Tensor b) {
            names.add(item.name());
            truths.putIfAbsent(FloatBuffer.wrap(b.data()), b);
            anyHue |= item.anyHue();
        }

        private TestInput input() {
            return new TestInput(names, a, List.copyOf(truths.values()), anyHue);
        }
    }
}
