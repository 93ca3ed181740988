package dev.tandem.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Writes records to files of a folder, and never outside of it, whatever their keys and headers say.
 *
 * @param headers whether a file beside each, {@code NAME.headers.json}, says what its headers are
 */
public record RecordFiles(Path folder, boolean headers) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A translation by its request and number, a dead letter by its origin, anything else by its key. */
    public void write(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Records.value(record);
        Path file = free(stem(record), "." + ending(value), value, record);
        ImageFiles.write(file, value);
        if (headers) {
            ImageFiles.write(file.resolveSibling(file.getFileName() + ".headers.json"), json(record));
        }
    }

    /** The files that are named after a dead letter's origin, whatever their endings, and are not the letter itself. */
    public List<Path> repaired(String origin, byte[] letter) {
        Pattern name = Pattern.compile(Pattern.quote(ImageFiles.safeName(origin)) + "(\\.[A-Za-z]+)?");
        return Arrays.stream(Optional.ofNullable(folder.toFile().list()).orElse(new String[0]))
                .filter(file -> name.matcher(file).matches())
                .sorted()
                .map(folder::resolve)
                .filter(file -> !Arrays.equals(ImageFiles.read(file), letter))
                .toList();
    }

    private static String stem(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> origin = Records.header(record, DeadLetterRecords.ORIGIN);
        TranslationRecord translation = new TranslationRecord(record);
        return origin.map(ImageFiles::safeName)
                .orElseGet(() ->
                        ImageFiles.safeName(translation.name()) + "-" + ImageFiles.safeName(translation.sample()));
    }

    /** A name that another record has taken gets the place of this one behind it. */
    private Path free(String stem, String ending, byte[] value, ConsumerRecord<byte[], byte[]> record) {
        Path file = folder.resolve(stem + ending);
        boolean taken = Files.exists(file) && !Arrays.equals(ImageFiles.read(file), value);
        return taken ? folder.resolve(stem + "." + ImageFiles.safeName(Records.origin(record)) + ending) : file;
    }

    private static String ending(byte[] value) {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(value))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            return readers.hasNext() ? readers.next().getFormatName().toLowerCase(Locale.ROOT) : "bin";
        } catch (IOException e) {
            return "bin";
        }
    }

    private static byte[] json(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.put(
                    header.key(),
                    Optional.ofNullable(header.value())
                            .map(value -> new String(value, StandardCharsets.UTF_8))
                            .orElse(""));
        }
        try {
            return JSON.writeValueAsBytes(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
