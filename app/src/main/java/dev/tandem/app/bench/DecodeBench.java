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

/** Times what becomes of a record before the model sees it, on one thread: decode, resize, crop, mirror. */
public record DecodeBench(Settings settings, int warmUp, int runs) {
    private static final Partition SOMEWHERE = new Partition("bench", 0);

    /** @param folder of A|B pictures; all of them are one run */
    public Map<String, Object> of(Path folder) {
        List<Path> files = ImageFiles.find(List.of(folder));
        List<byte[]> pictures = files.stream().map(ImageFiles::read).toList();
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        Augmentation augmentation = new Augmentation(
                settings.augment(), settings.model(), settings.train().seed());
        Timings timings = Timings.of(warmUp, runs, () -> {
            for (int i = 0; i < pictures.size(); i++) {
                prepare(decoder, augmentation, files.get(i), pictures.get(i), i);
            }
        });
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("files", files.size());
        result.putAll(timings.figures());
        result.put("pairsPerSecond", Timings.rounded(files.size() * 1000 / timings.median()));
        return result;
    }

    private static void prepare(PairDecoder decoder, Augmentation augmentation, Path file, byte[] picture, int offset) {
        try {
            augmentation.apply(decoder.decode(picture, Optional.empty()), SOMEWHERE, offset);
        } catch (InvalidInput e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}
