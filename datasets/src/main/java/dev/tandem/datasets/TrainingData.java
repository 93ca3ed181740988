package dev.tandem.datasets;

import dev.tandem.config.ModelSettings.Direction;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.datasets.records.ImageRecords;
import dev.tandem.datasets.records.RecordValidator;
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
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pairs to train on, and held-out inputs that show the result.
 *
 * @param attribution authors and licence of the images
 * @param pairs encoded A|B images to train on
 * @param heldOut inputs to translate, which are not among the pairs
 */
public record TrainingData(String name, String attribution, List<byte[]> pairs, List<HeldOut> heldOut) {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);
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
     * @param skipInvalid whether invalid images of the folder are left out instead of being an error
     * @throws UserError if there is no such data, an image is invalid, or there are too few images
     */
    public static TrainingData load(String dataset, boolean skipInvalid, Settings settings) {
        return Files.isDirectory(Path.of(dataset))
                ? ofFolder(Path.of(dataset), skipInvalid, settings)
                : of(Datasets.named(dataset, settings.train().seed()), settings);
    }

    /** Seed of the orders in which the pairs are sent. */
    public static long orderSeed(Settings settings) {
        return Noise.hash(settings.train().seed(), "demo.order");
    }

    private static TrainingData of(Dataset dataset, Settings settings) {
        int side = settings.model().imageSize().shorterSide();
        long seed = settings.train().seed();
        List<byte[]> pairs = dataset.split(Split.TRAIN, seed).parallelStream()
                .map(example -> PngEncoder.encode(example.render(side)))
                .toList();
        List<HeldOut> heldOut = selected(dataset.split(Split.HELD_OUT, seed), seed).stream()
                .map(example -> heldOut(example, side, settings.model().direction()))
                .toList();
        return new TrainingData(dataset.name(), dataset.attribution(), pairs, heldOut);
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

    private static TrainingData ofFolder(Path folder, boolean skipInvalid, Settings settings) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        List<byte[]> pairs = new ArrayList<>();
        List<HeldOut> heldOut = new ArrayList<>();
        for (ImageRecord record : validRecords(folder, skipInvalid, settings)) {
            if (Split.of(record.label(), settings.train().seed()) == Split.TRAIN || heldOut.size() == MAX_HELD_OUT) {
                pairs.add(record.value());
            } else {
                heldOut.add(heldOut(decoder, record));
            }
        }
        if (pairs.isEmpty() || heldOut.isEmpty()) {
            throw new UserError("the folder " + folder
                    + " has too few valid A|B images for training and results; add images, or use another folder");
        }
        return new TrainingData(folder.toString(), "", pairs, heldOut);
    }

    private static List<ImageRecord> validRecords(Path folder, boolean skipInvalid, Settings settings) {
        List<ImageRecord> all = new ImageRecords(settings).unchanged(ImageFiles.named(List.of(folder)));
        Map<Integer, String> problems =
                RecordValidator.of(settings, settings.topics().pairs()).problems(all, () -> {});
        return new InvalidFiles(skipInvalid, LOG::warn, "; repair them, or train on the others with --skip-unusable")
                .valid("files", all, problems);
    }

    private static HeldOut heldOut(PairDecoder decoder, ImageRecord record) {
        try {
            ImagePair pair = decoder.decode(record.value(), record.layout());
            return new HeldOut(record.label(), pair.a(), pair.b());
        } catch (InvalidInput e) {
            throw new UserError(record.label() + ": " + e.getMessage(), e);
        }
    }
}
