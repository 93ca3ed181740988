package dev.tandem.app.demo;

import dev.tandem.clients.produce.PairProducer;
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
 * The data of a demo.
 *
 * @param attribution authors and licence of the images
 * @param pairs encoded A|B images to train on
 * @param heldOut inputs to translate, which are not among the pairs
 */
public record DemoData(String name, String attribution, List<byte[]> pairs, List<HeldOut> heldOut) {
    private static final int MAX_HELD_OUT = 16;
    /** Number of Bs that an input with several correct outputs has in the data sets. */
    private static final int OUTPUTS_PER_INPUT = 6;

    /**
     * A held-out pair.
     *
     * @param a the input
     * @param truth a correct output
     */
    public record HeldOut(String name, BufferedImage a, BufferedImage truth) {}

    /**
     * Loads the data and splits it.
     *
     * @param dataset the name of a data set, or a folder of A|B images
     * @throws UserError if there is no such data, or too little valid data
     */
    public static DemoData load(String dataset, Settings settings) {
        return Files.isDirectory(Path.of(dataset))
                ? ofFolder(Path.of(dataset), settings)
                : of(Datasets.named(dataset, settings.train().seed()), settings);
    }

    /** A producer that sends the pairs on request. */
    public PairProducer producer(Settings settings) {
        return new PairProducer(settings, pairs, Noise.hash(settings.train().seed(), "demo.order"));
    }

    private static DemoData of(Dataset dataset, Settings settings) {
        int side = settings.model().imageSize().shorterSide();
        long seed = settings.train().seed();
        List<byte[]> pairs = dataset.split(Split.TRAIN, seed).parallelStream()
                .map(example -> PngEncoder.encode(example.render(side)))
                .toList();
        List<HeldOut> heldOut = selected(dataset.split(Split.HELD_OUT, seed), seed).stream()
                .map(example -> heldOut(example, side, settings.model().direction()))
                .toList();
        return new DemoData(dataset.name(), dataset.attribution(), pairs, heldOut);
    }

    /** One example per group. Up to half of them have several correct outputs. */
    private static List<Example> selected(List<Example> examples, long seed) {
        Map<String, List<Example>> groups = new TreeMap<>();
        examples.forEach(example -> groups.computeIfAbsent(example.group(), group -> new ArrayList<>())
                .add(example));
        List<List<Example>> shuffled = new ArrayList<>(groups.values());
        shuffled.sort(Comparator.comparing(
                group -> Noise.hash(seed, "show." + group.get(0).group())));
        List<Example> selected = new ArrayList<>();
        shuffled.stream()
                .filter(group -> group.size() == OUTPUTS_PER_INPUT)
                .limit(MAX_HELD_OUT / 2)
                .forEach(group -> selected.add(group.get(0)));
        shuffled.stream()
                .filter(group -> group.size() != OUTPUTS_PER_INPUT)
                .limit(MAX_HELD_OUT - selected.size())
                .forEach(group -> selected.add(group.get(0)));
        return selected;
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
            if (Split.of(name, settings.train().seed()) == Split.TRAIN || heldOut.size() == MAX_HELD_OUT) {
                pairs.add(bytes);
            } else {
                decoded(decoder, bytes)
                        .ifPresent(pair -> heldOut.add(new HeldOut(ImageFiles.safeName(name), pair.a(), pair.b())));
            }
        }
        if (pairs.isEmpty() || heldOut.isEmpty()) {
            throw new UserError("the folder " + folder
                    + " has too few valid A|B images for training and results; add images, or use another folder");
        }
        return new DemoData(folder.toString(), "", pairs, heldOut);
    }

    /** Empty for an invalid image. Invalid images among the training pairs become dead letters. */
    private static Optional<ImagePair> decoded(PairDecoder decoder, byte[] bytes) {
        try {
            return Optional.of(decoder.decode(bytes, Optional.empty()));
        } catch (InvalidInput e) {
            return Optional.empty();
        }
    }
}
