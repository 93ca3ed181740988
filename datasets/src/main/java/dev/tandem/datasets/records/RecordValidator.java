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

/** Validates records as the reader of their topic does. */
public final class RecordValidator {
    private final SizeLimit sizeLimit;
    /** The decoder's memory check assumes that at most this many images are decoded at a time. */
    private final int parallelism;

    private final Decoder decoder;

    /** Decides whether a record is too large to be sent. */
    @FunctionalInterface
    public interface SizeLimit {
        /** Returns the problem; empty: the record can be sent. */
        Optional<String> problem(ImageRecord record, byte[] value);
    }

    @FunctionalInterface
    private interface Decoder {
        void decode(byte[] value, Optional<String> layout) throws InvalidInput;
    }

    private RecordValidator(int parallelism, SizeLimit sizeLimit, Decoder decoder) {
        this.parallelism = parallelism;
        this.sizeLimit = sizeLimit;
        this.decoder = decoder;
    }

    private RecordValidator(Settings settings, Decoder decoder) {
        this(
                settings.images().decodeParallelism(),
                (record, value) -> aboveSetting(value, settings.topics().maxMessageBytes()),
                decoder);
    }

    /** Creates a validator of pairs, of sources or, for any other topic, of single images. */
    public static RecordValidator of(Settings settings, String topic) {
        PairDecoder pairs = new PairDecoder(settings.images(), settings.model());
        SourceDecoder sources = new SourceDecoder(settings.images(), settings.model());
        ImageDecoder images = new ImageDecoder(settings.images());
        if (topic.equals(settings.topics().pairs())) {
            return new RecordValidator(settings, pairs::decode);
        }
        return new RecordValidator(
                settings,
                topic.equals(settings.topics().sources())
                        ? (value, layout) -> sources.decode(value)
                        : (value, layout) -> images.decode(value));
    }

    /** Returns a validator with another limit than {@code topics.max-message-bytes}. */
    public RecordValidator withSizeLimit(SizeLimit limit) {
        return new RecordValidator(parallelism, limit, decoder);
    }

    /**
     * Validates all records in parallel.
     *
     * @param onChecked run after each record, by several threads
     * @return the problem of each invalid record, by its index
     */
    public Map<Integer, String> problems(List<ImageRecord> records, Runnable onChecked) {
        Map<Integer, String> problems = new ConcurrentSkipListMap<>();
        ForkJoinPool pool = new ForkJoinPool(parallelism);
        try {
            pool.submit(() -> IntStream.range(0, records.size()).parallel().forEach(i -> {
                        ImageRecord record = records.get(i);
                        problem(record).ifPresent(problem -> problems.put(i, record.name() + ": " + problem));
                        onChecked.run();
                    }))
                    .join();
        } finally {
            pool.shutdown();
        }
        return new TreeMap<>(problems);
    }

    private Optional<String> problem(ImageRecord record) {
        try {
            byte[] value = record.value();
            Optional<String> tooLarge = sizeLimit.problem(record, value);
            if (tooLarge.isPresent()) {
                return tooLarge;
            }
            decoder.decode(value, record.layout());
            return Optional.empty();
        } catch (InvalidInput e) {
            return Optional.of(e.reason() + ", " + e.getMessage());
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> aboveSetting(byte[] value, long maxBytes) {
        return value.length > maxBytes
                ? Optional.of("the value has " + value.length + " bytes; topics.max-message-bytes allows " + maxBytes)
                : Optional.empty();
    }
}
