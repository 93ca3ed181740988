package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.origins;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.guarantee.NoLoss;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
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
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Training that is killed with SIGKILL at random moments and resumed, compared with uninterrupted training. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledTrainingIT extends BrokerTest {
    private static final int PAIRS = 480;
    private static final int DISTINCT_PAIRS = 40;
    private static final int PARTITIONS = 4;
    /** With several partitions, one of so many records is invalid. */
    private static final int INVALID_EVERY = 23;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> kills = new ArrayList<>();
    private int incompleteCheckpoints;

    @Test
    void run_killedSevenTimes_isBitIdenticalToAnUninterruptedRun() {
        kafka.produce(IntStream.range(0, PAIRS)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>("killed-pairs", 0, null, pair(i)))
                .toList());
        // The replay buffer must survive a kill too.
        TestRun killed =
                runs.run("killed").stopAfterPairs(PAIRS).set("train.replay.capacity=50", "train.replay.share=0.25");
        RunResult uninterrupted = killed.set("checkpoint.directory=" + folder.resolve("uninterrupted"))
                .complete();

        killSevenTimes("killed", killed);
        RunResult resumed = killed.complete();

        System.out.println("killed training, " + seedAndKills());
        System.out.println(incompleteCheckpoints + " kills left an incomplete checkpoint");
        assertThat(incompleteCheckpoints).as(seedAndKills()).isPositive();
        assertThat(resumed.pairsTrained()).as(seedAndKills()).isEqualTo(PAIRS);
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "replay.safetensors")) {
            assertThat(resumed.checkpoint().resolve(file))
                    .as(seedAndKills())
                    .hasSameBinaryContentAs(uninterrupted.checkpoint().resolve(file));
        }
        verifyTrainedOnceOn(origins("killed-pairs", PAIRS), resumed);
        assertThat(isWritingCheckpoint("killed"))
                .as("incomplete checkpoints are left")
                .isFalse();
    }

    private void killSevenTimes(String name, TestRun command) {
        killAtStart(command);
        killAtStep(name, command);
        killAtCheckpoint(name, command);
        killAtStep(name, command);
        killAtCheckpoint(name, command);
        killAtStart(command);
        killAtCheckpoint(name, command);
    }

    @Test
    void run_killedWithFourPartitions_trainsOnEveryPairOnceAndLosesNoDeadLetter() {
        kafka.admin().createTopic("spread-pairs", PARTITIONS);
        kafka.produce(IntStream.range(0, PAIRS)
                .mapToObj(KilledTrainingIT::spreadRecord)
                .toList());
        List<String> valid = spreadOrigins(KilledTrainingIT::isValid);
        List<String> invalid = spreadOrigins(i -> !isValid(i));
        TestRun spread = runs.run("spread").stopAfterPairs(valid.size());

        for (int i = 0; i < 4; i++) {
            killAtStep("spread", spread);
        }
        RunResult resumed = spread.complete();

        System.out.println("killed training with four partitions, " + seedAndKills());
        assertThat(resumed.pairsTrained()).as(seedAndKills()).isEqualTo(valid.size());
        verifyTrainedOnceOn(valid, resumed);
        List<String> deadLetters = kafka.consumeAll("spread-dead").stream()
                .map(OutputRecords::origin)
                .toList();
        new NoLoss(invalid, deadLetters).verify();
    }

    private static ProducerRecord<byte[], byte[]> spreadRecord(int index) {
        byte[] value = isValid(index) ? pair(index) : ("not an image " + index).getBytes(UTF_8);
        return new ProducerRecord<>("spread-pairs", index % PARTITIONS, null, value);
    }

    private static List<String> spreadOrigins(IntPredicate filter) {
        return IntStream.range(0, PAIRS)
                .filter(filter)
                .mapToObj(i -> "spread-pairs-" + i % PARTITIONS + "-" + i / PARTITIONS)
                .toList();
    }

    private static boolean isValid(int index) {
        return index % INVALID_EVERY > 0;
    }

    @Test
    void run_bitFlippedInNewestCheckpoint_resumesFromTheOneBeforeAndLogsAnError() throws IOException {
        kafka.produce(TestRecords.pairs("flipped-pairs", 60));
        RunResult first = runs.run("flipped").stopAfterPairs(24).complete();
        flipRandomBit(first.checkpoint());

        try (TandemProcess run = runs.run("flipped").stopAfterPairs(48).start()) {
            RunResult result = RunResult.of(run);
            assertThat(run.err()).as("seed " + seed).contains("ERROR", "is damaged", "using the one before it");
            assertThat(result.pairsTrained()).isEqualTo(48);
            verifyTrainedOnceOn(origins("flipped-pairs", 48), result);
        }
    }

    private void flipRandomBit(Path checkpoint) throws IOException {
        List<String> files = List.of("model.safetensors", "optimizer.safetensors", "state.json", "SHA256SUMS");
        try (RandomAccessFile file = new RandomAccessFile(
                checkpoint.resolve(files.get(random.nextInt(files.size()))).toFile(), "rw")) {
            long position = random.nextLong(file.length());
            file.seek(position);
            int value = file.read();
            file.seek(position);
            file.write(value ^ 1 << random.nextInt(8));
        }
    }

    /** Kills before the model or the streams are ready. */
    private void killAtStart(TestRun command) {
        long millis = random.nextLong(2500);
        try (TandemProcess run = command.start()) {
            assertThat(run.exitsWithin(Duration.ofMillis(millis))).as(run.err()).isFalse();
            kill(run, "start-up, " + millis + " ms");
        }
    }

    /** Kills between steps or during one: some microseconds after the step log has a random number of new lines. */
    private void killAtStep(String name, TestRun command) {
        long lines = countLogLines(name) + 2 + random.nextInt(12);
        try (TandemProcess run = command.start()) {
            await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(1 + random.nextInt(7)))
                    .until(() -> countLogLines(name) >= lines || !run.isAlive());
            kill(run, "line " + lines + " of the step log");
        }
    }

    /** Kills while one of the next three checkpoints is written. */
    private void killAtCheckpoint(String name, TestRun command) {
        try (TandemProcess run = command.start()) {
            int skipped = random.nextInt(3);
            for (int i = 0; i <= skipped; i++) {
                awaitCheckpointStart(name, run, i > 0);
            }
            kill(run, "a checkpoint being written");
            // The run may have completed the checkpoint just before the kill.
            incompleteCheckpoints += isWritingCheckpoint(name) ? 1 : 0;
        }
    }

    /** Spins, because a small checkpoint is written faster than a timer polls. */
    private void awaitCheckpointStart(String name, TandemProcess run, boolean skipCurrent) {
        while (skipCurrent && run.isAlive() && isWritingCheckpoint(name)) {
            Thread.onSpinWait();
        }
        while (run.isAlive() && !isWritingCheckpoint(name)) {
            Thread.onSpinWait();
        }
    }

    /** Whether the folder has a checkpoint that is being written or was left incomplete. */
    private boolean isWritingCheckpoint(String name) {
        String[] files = folder.resolve(name).toFile().list((directory, file) -> file.startsWith(".unfinished"));
        return files != null && files.length > 0;
    }

    private void kill(TandemProcess run, String moment) {
        assertThat(run.isAlive())
                .as("seed " + seed + ": the run ended before the kill\n" + run.err())
                .isTrue();
        run.kill();
        kills.add(moment);
    }

    private long countLogLines(String name) {
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

    private static void verifyTrainedOnceOn(List<String> pairs, RunResult result) {
        AuditTrail trail = result.auditTrail();
        new ExactlyOnce(pairs, trail.records()).verify();
        assertThat(trail.pairs()).isEqualTo(pairs.size());
        System.out.println(trail.repeatedSteps() + " steps were lost in crashes and repeated");
    }

    private String seedAndKills() {
        return "seed " + seed + ": " + kills;
    }

    private static byte[] pair(int index) {
        return TestRecords.pair(index % DISTINCT_PAIRS);
    }
}
