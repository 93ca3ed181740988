package dev.tandem.app.bench;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.pipeline.augment.Augmentation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures on one thread how pairs are prepared for the model: decode, resize, crop, mirror.
 *
 * @param warmUp runs before the measured ones
 * @param runs measured runs; each prepares all pairs
 */
public record DecodeBench(Settings settings, int warmUp, int runs) {
    private static final Partition PARTITION = new Partition("bench", 0);

    /**
     * @param folder of A|B images
     * @return figures by JSON key
     */
    public Map<String, Object> run(Path folder) {
        List<Path> files = ImageFiles.find(List.of(folder));
        List<byte[]> images = files.stream().map(ImageFiles::read).toList();
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        Augmentation augmentation = new Augmentation(
                settings.augment(),
                settings.images().scaling(),
                settings.model(),
                settings.train().seed());
        Timings timings = Timings.of(warmUp, runs, () -> {
            for (int i = 0; i < images.size(); i++) {
                prepare(decoder, augmentation, files.get(i), images.get(i), i);
            }
        });
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("files", files.size());
        result.putAll(timings.summary());
        result.put("pairsPerSecond", Timings.rounded(files.size() * 1000 / timings.median()));
        return result;
    }

    private static void prepare(PairDecoder decoder, Augmentation augmentation, Path file, byte[] image, int offset) {
        try {
            augmentation.apply(decoder.decode(image, Optional.empty()), PARTITION, offset);
        } catch (InvalidInput e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}
