package dev.tandem.app;

import static dev.tandem.testkit.Runs.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.guarantee.NoLoss;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Training that is killed with SIGKILL at random moments, against training that is left alone. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledTrainingIT extends WithBroker {
    private static final int PAIRS = 480;
    private static final int DIFFERENT = 40;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> kills = new ArrayList<>();
    private int halfWritten;

    @Test
    void run_killedAgainAndAgain_isToTheBitTheRunThatWasNot() throws IOException {
        broker.produce(pairs("killed-pairs", 1));
        // Past pairs are part of what must come back.
        String[] limit = {
            "--stop-after-pairs",
            Integer.toString(PAIRS),
            "--set",
            "train.replay.capacity=50",
            "--set",
            "train.replay.share=0.25"
        };
        JsonNode undisturbed = result(runs.start(
                "killed",
                Stream.concat(
                                Stream.of(limit),
                                Stream.of("--set", "checkpoint.directory=" + folder.resolve("undisturbed")))
                        .toArray(String[]::new)));

        killAtStart("killed", limit);
        killAtStep("killed", limit);
        killAtCheckpoint("killed", limit);
        killAtStep("killed", limit);
        killAtCheckpoint("killed", limit);
        killAtStart("killed", limit);
        killAtCheckpoint("killed", limit);
        JsonNode resumed = result(runs.start("killed", limit));

        String story = "seed " + seed + ": " + kills;
        System.out.println("killed training, " + story);
        System.out.println(halfWritten + " of the checkpoints that it was killed at were half-written");
        assertThat(halfWritten).as(story).isPositive();
        assertThat(resumed.path("pairsTrained").asLong()).as(story).isEqualTo(PAIRS);
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "replay.safetensors")) {
            assertThat(checkpoint(resumed).resolve(file))
                    .as(story)
                    .hasSameBinaryContentAs(checkpoint(undisturbed).resolve(file));
        }
        verifyAudit(
                checkpoint(resumed),
                IntStream.range(0, PAIRS).mapToObj(i -> "killed-pairs-0-" + i).toList());
        try (Stream<Path> left = Files.list(folder.resolve("killed"))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith(".unfinished")))
                    .as("half-written checkpoints")
                    .isEmpty();
        }
    }

    @Test
    void run_killedWithFourPartitions_learnsFromEveryPairOnceAndLosesNoDeadLetter() throws IOException {
        broker.createTopic("spread-pairs", 4);
        List<ProducerRecord<byte[], byte[]>> records = pairs("spread-pairs", 4);
        List<String> good = places(records, Runs::isPair);
        List<String> bad = places(records, value -> !Runs.isPair(value));
        broker.produce(records);
        String[] limit = {"--stop-after-pairs", Integer.toString(good.size())};

        for (int i = 0; i < 4; i++) {
            killAtStep("spread", limit);
        }
        JsonNode resumed = result(runs.start("spread", limit));

        String story = "seed " + seed + ": " + kills;
        System.out.println("killed training with four partitions, " + story);
        assertThat(resumed.path("pairsTrained").asLong()).as(story).isEqualTo(good.size());
        verifyAudit(checkpoint(resumed), good);
        new NoLoss(
                        bad,
                        broker.consumeAll("spread-dead").stream()
                                .map(letter ->
                                        Records.header(letter, "tandem-origin").orElseThrow())
                                .toList())
                .verify();
    }

    @Test
    void run_newestCheckpointWithAFlippedBit_goesOnFromTheOneBeforeAndSaysSo() throws IOException {
        broker.produce(pairs("flipped-pairs", 1).subList(0, 60));
        JsonNode first = result(runs.start("flipped", "--stop-after-pairs", "24"));
        flipABit(checkpoint(first));

        try (TandemProcess again = runs.start("flipped", "--stop-after-pairs", "48")) {
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.err()).as("seed " + seed).contains("ERROR", "is damaged", "using the one before it");
            assertThat(again.json().path("pairsTrained").asLong()).isEqualTo(48);
            verifyAudit(
                    checkpoint(again.json()),
                    IntStream.range(0, 48).mapToObj(i -> "flipped-pairs-0-" + i).toList());
        }
    }

    private void flipABit(Path checkpoint) throws IOException {
        List<String> files = List.of("model.safetensors", "optimizer.safetensors", "state.json", "SHA256SUMS");
        try (RandomAccessFile file = new RandomAccessFile(
                checkpoint.resolve(files.get(random.nextInt(files.size()))).toFile(), "rw")) {
            long at = random.nextLong(file.length());
            file.seek(at);
            int value = file.read();
            file.seek(at);
            file.write(value ^ 1 << random.nextInt(8));
        }
    }

    /** Before the model or the streams are there. */
    private void killAtStart(String name, String... limit) {
        long millis = random.nextLong(2500);
        try (TandemProcess run = runs.start(name, limit)) {
            assertThat(run.endsWithin(Duration.ofMillis(millis))).as(run.err()).isFalse();
            kill(run, "start-up, " + millis + " ms");
        }
    }

    /** Between or in steps: when the log has grown by some lines, and some microseconds later. */
    private void killAtStep(String name, String... limit) {
        long lines = lines(name) + 2 + random.nextInt(12);
        try (TandemProcess run = runs.start(name, limit)) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1 + random.nextInt(7)))
                    .until(() -> lines(name) >= lines || !run.isAlive());
            kill(run, "line " + lines + " of the step log");
        }
    }

    private void killAtCheckpoint(String name, String... limit) {
        try (TandemProcess run = runs.start(name, limit)) {
            int skipped = random.nextInt(3);
            for (int i = 0; i <= skipped; i++) {
                awaitUnfinished(name, run, i > 0);
            }
            kill(run, "a checkpoint half-written");
            // It may have been finished in the moment between.
            halfWritten += isUnfinished(name) ? 1 : 0;
        }
    }

    private void awaitUnfinished(String name, TandemProcess run, boolean next) {
        while (next && run.isAlive() && isUnfinished(name)) {
            Thread.onSpinWait();
        }
        while (run.isAlive() && !isUnfinished(name)) {
            Thread.onSpinWait();
        }
    }

    private boolean isUnfinished(String name) {
        String[] files = folder.resolve(name).toFile().list((at, file) -> file.startsWith(".unfinished"));
        return files != null && files.length > 0;
    }

    private void kill(TandemProcess run, String when) {
        assertThat(run.isAlive())
                .as("seed " + seed + ": ended before it was killed\n" + run.err())
                .isTrue();
        run.kill();
        kills.add(when);
    }

    private long lines(String name) {
        Path log = folder.resolve(name).resolve("steps.jsonl");
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void verifyAudit(Path checkpoint, List<String> pairs) {
        AuditTrail trail = AuditTrail.of(checkpoint);
        new ExactlyOnce(pairs, trail.records()).verify();
        assertThat(trail.pairs()).isEqualTo(pairs.size());
        System.out.println(trail.lost() + " steps were lost in crashes and taken again");
    }

    /** Some hundred pairs, and every now and then what is none. */
    private List<ProducerRecord<byte[], byte[]>> pairs(String topic, int partitions) {
        List<byte[]> different =
                IntStream.range(0, DIFFERENT).mapToObj(Runs::pair).toList();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            boolean good = partitions == 1 || i % 23 > 0;
            byte[] value = good ? different.get(i % DIFFERENT) : ("no picture " + i).getBytes(UTF_8);
            records.add(new ProducerRecord<>(topic, i % partitions, null, value));
        }
        return records;
    }

    private static List<String> places(List<ProducerRecord<byte[], byte[]>> records, Predicate<byte[]> which) {
        List<String> places = new ArrayList<>();
        int[] next = new int
                [records.stream().mapToInt(ProducerRecord::partition).max().orElse(0) + 1];
        for (ProducerRecord<byte[], byte[]> record : records) {
            int offset = next[record.partition()]++;
            if (which.test(record.value())) {
                places.add(record.topic() + "-" + record.partition() + "-" + offset);
            }
        }
        return places;
    }

    private static Path checkpoint(JsonNode result) {
        return Path.of(result.path("checkpoint").asText());
    }
}
