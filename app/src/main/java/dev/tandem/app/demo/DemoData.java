package dev.tandem.app.demo;

import dev.tandem.config.ModelSettings.Direction;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.Datasets;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.train.Noise;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the demo learns from and shows.
 *
 * @param pairs encoded A|B images to learn from
 * @param heldOut what the model never sees a B of
 */
public record DemoData(String name, String attribution, List<byte[]> pairs, List<HeldOut> heldOut) {
    private static final int ROWS = 16;
    private static final int SEVERAL_TRUTHS = 6;

    public record HeldOut(String name, BufferedImage a, BufferedImage truth) {}

    /** @param dataset a data set's name, or a folder of A|B images */
    public static DemoData load(String dataset, Settings settings) {
        return Files.isDirectory(Path.of(dataset))
                ? ofFolder(Path.of(dataset), settings)
                : of(Datasets.named(dataset, settings.train().seed()), settings);
    }

    private static DemoData of(Dataset dataset, Settings settings) {
        int side = settings.model().imageSize().shorterSide();
        long seed = settings.train().seed();
        List<byte[]> pairs = dataset.split(Split.TRAIN, seed).parallelStream()
                .map(example -> PngEncoder.encode(example.render(side)))
                .toList();
        List<HeldOut> heldOut = shown(dataset.split(Split.HELD_OUT, seed), seed).stream()
                .map(example -> heldOut(example, side, settings.model().direction()))
                .toList();
        return new DemoData(dataset.name(), dataset.attribution(), pairs, heldOut);
    }

    /** Half of them with several true Bs, where there are such; one of each outline. */
    private static List<Example> shown(List<Example> examples, long seed) {
        Map<String, List<Example>> groups = new TreeMap<>();
        examples.forEach(example -> groups.computeIfAbsent(example.group(), group -> new ArrayList<>())
                .add(example));
        List<List<Example>> inOrder = new ArrayList<>(groups.values());
        inOrder.sort(Comparator.comparing(
                group -> Noise.hash(seed, "show." + group.get(0).group())));
        List<Example> shown = new ArrayList<>();
        inOrder.stream()
                .filter(group -> group.size() == SEVERAL_TRUTHS)
                .limit(ROWS / 2)
                .forEach(group -> shown.add(group.get(0)));
        inOrder.stream()
                .filter(group -> group.size() != SEVERAL_TRUTHS)
                .limit(ROWS - shown.size())
                .forEach(group -> shown.add(group.get(0)));
        return shown;
    }

    private static HeldOut heldOut(Example example, int side, Direction direction) {
        BufferedImage joined = example.render(side);
        BufferedImage left = joined.getSubimage(0, 0, side, side);
        BufferedImage right = joined.getSubimage(side, 0, side, side);
        return direction == Direction.ATOB
                ? new HeldOut(example.name(), left, right)
                : new HeldOut(example.name(), right, left);
    }

    private static DemoData ofFolder(Path folder, Settings settings) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        List<byte[]> pairs = new ArrayList<>();
        List<HeldOut> heldOut = new ArrayList<>();
        for (Path file : ImageFiles.find(List.of(folder))) {
            String name = folder.relativize(file).toString();
            byte[] bytes = ImageFiles.read(file);
            if (Split.of(name, settings.train().seed()) == Split.TRAIN || heldOut.size() == ROWS) {
                pairs.add(bytes);
            } else {
                decoded(decoder, bytes)
                        .ifPresent(pair -> heldOut.add(new HeldOut(ImageFiles.safeName(name), pair.a(), pair.b())));
            }
        }
        if (pairs.isEmpty() || heldOut.isEmpty()) {
            throw new UserError("the folder " + folder + " has too few usable A|B images to learn from and to show");
        }
        return new DemoData(folder.toString(), "", pairs, heldOut);
    }

    /** What cannot be decoded is not shown; among the pairs to learn from it becomes a dead letter. */
    private static Optional<ImagePair> decoded(PairDecoder decoder, byte[] bytes) {
        try {
            return Optional.of(decoder.decode(bytes, Optional.empty()));
        } catch (InvalidInput e) {
            return Optional.empty();
        }
    }
}
