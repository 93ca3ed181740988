package dev.tandem.testkit.invalid;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Random records: valid values that are cut, spliced, extended or have changed bytes, with random keys and headers. Some
 * values stay valid. The same seed gives the same records.
 */
public final class RecordFuzzer {
    private static final List<String> HEADER_NAMES = List.of(
            "tandem-layout",
            "tandem-samples",
            "tandem-seed",
            "tandem-latent",
            "tandem-style",
            "tandem-frames",
            "tandem-reason",
            "tandem-origin",
            "../../etc/passwd");
    private static final List<String> HEADER_VALUES = List.of(
            "",
            "1",
            "2",
            "-1",
            "999999999999999999999",
            "parts",
            "aligned",
            "right-half",
            "NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN",
            "1e30,1e30,1e30,1e30,1e30,1e30,1e30,1e30",
            "1,2",
            "../../../../tmp/out",
            "\u0000\u001b[2J",
            "${jndi:ldap://127.0.0.1/a}");
    private static final int MAX_HEADER_BYTES = 100_000;
    /** Random bytes are not valid UTF-8; decoded as text they take up to three times this size. */
    private static final int HUGE_HEADER_BYTES = 8 << 20;

    private final Random random;
    private final List<byte[]> validValues;

    /** @param validValues the values to damage */
    public RecordFuzzer(long seed, List<byte[]> validValues) {
        this.random = new Random(seed);
        this.validValues = List.copyOf(validValues);
    }

    /** The next random record. Key, value and header values may be null, as in Kafka. */
    public ProducerRecord<byte[], byte[]> record(String topic) {
        byte[] key = random.nextInt(5) == 0 ? null : bytes(random.nextInt(200));
        byte[] value = random.nextInt(50) == 0 ? null : value();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        while (random.nextInt(4) == 0) {
            record.headers().add(element(HEADER_NAMES), header());
        }
        return record;
    }

    private byte[] header() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> bytes(random.nextInt(40));
            case 2 -> bytes(random.nextInt(MAX_HEADER_BYTES));
            case 3 -> random.nextInt(300) == 0 ? bytes(HUGE_HEADER_BYTES) : null;
            default -> element(HEADER_VALUES).getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] value() {
        byte[] value = element(validValues).clone();
        return switch (random.nextInt(6)) {
            case 0 -> value;
            case 1 -> Arrays.copyOf(value, random.nextInt(value.length + 1));
            case 2 -> splice(value, element(validValues));
            case 3 -> Arrays.copyOf(value, value.length + random.nextInt(1000));
            default -> changeBytes(value);
        };
    }

    /** Half of the time only the first 64 bytes change, where formats keep sizes and counts. */
    private byte[] changeBytes(byte[] value) {
        int end = random.nextBoolean() ? value.length : Math.min(64, value.length);
        for (int changes = 1 + random.nextInt(12); changes > 0; changes--) {
            value[random.nextInt(end)] = (byte) random.nextInt(256);
        }
        return value;
    }

    /** A beginning of the first value and an end of the second. */
    private byte[] splice(byte[] first, byte[] second) {
        int from = random.nextInt(second.length);
        byte[] spliced = Arrays.copyOf(first, random.nextInt(first.length) + second.length - from);
        System.arraycopy(second, from, spliced, spliced.length - (second.length - from), second.length - from);
        return spliced;
    }

    private <T> T element(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
