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
 * Writes records to files of one folder. No key or header can select a file outside that folder.
 *
 * @param writeHeaders whether the headers of each record are written to {@code NAME.headers.json}
 */
public record RecordFiles(Path folder, boolean writeHeaders) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String UNKNOWN_EXTENSION = "bin";

    /**
     * Writes the value of a record. The file of a dead letter is named after its origin, the file of a translation after
     * the key of its request and the number of the sample, and any other file after key and offset of its record.
     */
    public void write(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Records.value(record);
        Path file = target(record, value);
        ImageFiles.write(file, value);
        if (writeHeaders) {
            ImageFiles.write(file.resolveSibling(file.getFileName() + ".headers.json"), headersAsJson(record));
        }
    }

    /**
     * The repaired files of a dead letter: files named after its origin, with any extension, whose content differs from
     * the dead letter.
     */
    public List<Path> repaired(String origin, byte[] deadLetter) {
        Pattern name = Pattern.compile(Pattern.quote(ImageFiles.safeName(origin)) + "(\\.[A-Za-z]+)?");
        return Arrays.stream(Optional.ofNullable(folder.toFile().list()).orElse(new String[0]))
                .filter(file -> name.matcher(file).matches())
                .sorted()
                .map(folder::resolve)
                .filter(file -> !Arrays.equals(ImageFiles.read(file), deadLetter))
                .toList();
    }

    /** The file for a record. If another record already has this name, the position of the record is appended. */
    private Path target(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        String name = name(record);
        String extension = "." + extension(value);
        Path file = folder.resolve(name + extension);
        boolean taken = Files.exists(file) && !Arrays.equals(ImageFiles.read(file), value);
        return taken ? folder.resolve(name + "." + ImageFiles.safeName(Records.origin(record)) + extension) : file;
    }

    private static String name(ConsumerRecord<byte[], byte[]> record) {
        TranslationRecord translation = new TranslationRecord(record);
        return Records.header(record, DeadLetterRecords.ORIGIN)
                .map(ImageFiles::safeName)
                .orElseGet(() ->
                        ImageFiles.safeName(translation.name()) + "-" + ImageFiles.safeName(translation.sample()));
    }

    private static String extension(byte[] value) {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(value))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            return readers.hasNext() ? readers.next().getFormatName().toLowerCase(Locale.ROOT) : UNKNOWN_EXTENSION;
        } catch (IOException e) {
            return UNKNOWN_EXTENSION;
        }
    }

    private static byte[] headersAsJson(ConsumerRecord<byte[], byte[]> record) {
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
