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
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * Training that is killed with SIGKILL at random moments and resumed, compared with uninterrupted training. Pairs are
 * sent between the kills, so no run can end before its kill, however late the test notices its moment.
 */
class KilledTrainingIT extends BrokerTest {
    /** Sent before each kill: at least as many steps as {@link #killAtStep} waits for, and a multiple of 12. */
    private static final int PAIRS_PER_KILL = 72;
    /** A checkpoint follows every third batch of four pairs. */
    private static final int PAIRS_PER_CHECKPOINT = 12;

    private static final int BATCH_SIZE = 4;
    private static final int DISTINCT_PAIRS = 40;
    private static final int PARTITIONS = 4;
    /** With several partitions, one of so many records is invalid. */
    private static final int INVALID_EVERY = 23;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> kills = new ArrayList<>();
    private int incompleteCheckpoints;
    private int pairs;

    @Test
    void run_killedSevenTimes_isBitIdenticalToAnUninterruptedRun() {
        // The replay buffer must survive a kill too.
        TestRun killed = runs.run("killed").set("train.replay.capacity=50", "train.replay.share=0.25");

        killSevenTimes("killed", killed);
        while (incompleteCheckpoints == 0) {
            killAtCheckpoint("killed", killed);
        }
        produceKilled(PAIRS_PER_KILL);
        RunResult resumed = killed.stopAfterPairs(pairs).complete();
        RunResult uninterrupted = killed.stopAfterPairs(pairs)
                .set("checkpoint.directory=" + folder.resolve("uninterrupted"))
                .complete();

        System.out.println("killed training, " + seedAndKills());
        System.out.println(incompleteCheckpoints + " kills left an incomplete checkpoint");
        assertThat(resumed.pairsTrained()).as(seedAndKills()).isEqualTo(pairs);
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "replay.safetensors")) {
            assertThat(resumed.checkpoint().resolve(file))
                    .as(seedAndKills())
                    .hasSameBinaryContentAs(uninterrupted.checkpoint().resolve(file));
        }
        verifyTrainedOnceOn(origins("killed-pairs", pairs), resumed);
        assertThat(isWritingCheckpoint("killed"))
                .as("incomplete checkpoints are left")
                .isFalse();
    }

    private void killSevenTimes(String name, TestRun command) {
        produceKilled(PAIRS_PER_KILL);
        killAtStart(command);
        produceKilled(PAIRS_PER_KILL);
        killAtStep(name, command);
        killAtCheckpoint(name, command);
        produceKilled(PAIRS_PER_KILL);
        killAtStep(name, command);
        killAtCheckpoint(name, command);
        killAtStart(command);
        killAtCheckpoint(name, command);
    }

    @Test
    void run_killedWithFourPartitions_trainsOnEveryPairOnceAndLosesNoDeadLetter() {
        kafka.admin().createTopic("spread-pairs", PARTITIONS);
        TestRun spread = runs.run("spread");

        for (int i = 0; i < 4; i++) {
            produce(PAIRS_PER_KILL, KilledTrainingIT::spreadRecord);
            killAtStep("spread", spread);
        }
        List<String> valid = spreadOrigins(KilledTrainingIT::isValid);
        List<String> invalid = spreadOrigins(i -> !isValid(i));
        RunResult resumed = spread.stopAfterPairs(valid.size()).complete();

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

    private List<String> spreadOrigins(IntPredicate filter) {
        return IntStream.range(0, pairs)
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

    private void produceKilled(int count) {
        produce(count, i -> new ProducerRecord<>("killed-pairs", 0, null, pair(i)));
    }

    private void produce(int count, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        kafka.produce(IntStream.range(pairs, pairs + count).mapToObj(record).toList());
        pairs += count;
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
                awaitCheckpointStart(name, run);
            }
            kill(run, "a checkpoint being written");
            // The run may have completed the checkpoint just before the kill.
            incompleteCheckpoints += isWritingCheckpoint(name) ? 1 : 0;
        }
    }

    /** Spins, because a small checkpoint is written faster than a timer polls. */
    private void awaitCheckpointStart(String name, TandemProcess run) {
        while (run.isAlive() && isWritingCheckpoint(name)) {
            Thread.onSpinWait();
        }
        while (run.isAlive() && !isWritingCheckpoint(name)) {
            if (hasCheckpoint(name, pairs / BATCH_SIZE)) {
                produceKilled(PAIRS_PER_CHECKPOINT);
            }
        }
    }

    private boolean hasCheckpoint(String name, int step) {
        return Files.exists(folder.resolve(name).resolve(String.format("step-%010d", step)));
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
