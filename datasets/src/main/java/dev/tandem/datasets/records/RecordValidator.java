package dev.tandem.datasets.records;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.decode.SourceDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/** Looks at items as those who read the topic will. */
public final class RecordValidator {
    private final long largest;
    /** No more at a time than memory is counted on for. */
    private final int decoders;

    private final Reader reader;

    private interface Reader {
        void read(byte[] value, Optional<String> layout) throws InvalidInput;
    }

    private RecordValidator(Settings settings, Reader reader) {
        this.decoders = settings.images().decodeParallelism();
        this.largest = settings.topics().maxMessageBytes();
        this.reader = reader;
    }

    /** Pairs, pictures to translate, or on any other topic just pictures. */
    public static RecordValidator of(Settings settings, String topic) {
        PairDecoder pairs = new PairDecoder(settings.images(), settings.model());
        SourceDecoder sources = new SourceDecoder(settings.images(), settings.model());
        ImageDecoder pictures = new ImageDecoder(settings.images());
        if (topic.equals(settings.topics().pairs())) {
            return new RecordValidator(settings, pairs::decode);
        }
        return new RecordValidator(
                settings,
                topic.equals(settings.topics().sources())
                        ? (value, layout) -> sources.decode(value)
                        : (value, layout) -> pictures.decode(value));
    }

    /**
     * What is wrong, by the items' places.
     *
     * @param looked run after each item
     */
    public Map<Integer, String> problems(List<ImageRecord> items, Runnable looked) {
        Map<Integer, String> problems = new ConcurrentSkipListMap<>();
        ForkJoinPool readers = new ForkJoinPool(decoders);
        try {
            readers.submit(() -> IntStream.range(0, items.size()).parallel().forEach(i -> {
                        problem(items.get(i))
                                .ifPresent(
                                        problem -> problems.put(i, items.get(i).name() + ": " + problem));
                        looked.run();
                    }))
                    .join();
        } finally {
            readers.shutdown();
        }
        return new TreeMap<>(problems);
    }

    private Optional<String> problem(ImageRecord item) {
        try {
            byte[] value = item.value();
            if (value.length > largest) {
                return Optional.of("it has " + value.length + " bytes, but topics.max-message-bytes is " + largest);
            }
            reader.read(value, item.layout());
            return Optional.empty();
        } catch (InvalidInput e) {
            return Optional.of(e.reason() + ", " + e.getMessage());
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }
}
