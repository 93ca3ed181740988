package dev.tandem.testkit.invalid;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that were something usable before chance had a go at them. */
public final class Fuzz {
    private static final List<String> HEADERS = List.of(
            "tandem-layout",
            "tandem-samples",
            "tandem-seed",
            "tandem-latent",
            "tandem-style",
            "tandem-frames",
            "tandem-reason",
            "tandem-origin",
            "../../etc/passwd");
    private static final List<String> VALUES = List.of(
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
    private static final int LONGEST_HEADER = 100_000;
    /** Of bytes that are no text: as text they are three times as many. */
    private static final int HOSTILE_HEADER = 8 << 20;

    private final Random random;
    private final List<byte[]> seeds;

    /** @param seeds what to spoil */
    public Fuzz(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
    }

    public ProducerRecord<byte[], byte[]> record(String topic) {
        byte[] key = random.nextInt(5) == 0 ? null : bytes(random.nextInt(200));
        byte[] value = random.nextInt(50) == 0 ? null : value();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        while (random.nextInt(4) == 0) {
            record.headers().add(HEADERS.get(random.nextInt(HEADERS.size())), header());
        }
        return record;
    }

    private byte[] header() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> bytes(random.nextInt(40));
            case 2 -> bytes(random.nextInt(LONGEST_HEADER));
            case 3 -> random.nextInt(300) == 0 ? bytes(HOSTILE_HEADER) : null;
            default -> VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] value() {
        byte[] value = seeds.get(random.nextInt(seeds.size())).clone();
        return switch (random.nextInt(6)) {
            case 0 -> value;
            case 1 -> Arrays.copyOf(value, random.nextInt(value.length + 1));
            case 2 -> spliced(value, seeds.get(random.nextInt(seeds.size())));
            case 3 -> Arrays.copyOf(value, value.length + random.nextInt(1000));
            default -> flipped(value);
        };
    }

    /** Mostly near the beginning, where sizes and counts are. */
    private byte[] flipped(byte[] value) {
        int reach = random.nextBoolean() ? value.length : Math.min(64, value.length);
        for (int flips = 1 + random.nextInt(12); flips > 0; flips--) {
            value[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return value;
    }

    private byte[] spliced(byte[] first, byte[] second) {
        int from = random.nextInt(second.length);
        byte[] spliced = Arrays.copyOf(first, random.nextInt(first.length) + second.length - from);
        System.arraycopy(second, from, spliced, spliced.length - (second.length - from), second.length - from);
        return spliced;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
