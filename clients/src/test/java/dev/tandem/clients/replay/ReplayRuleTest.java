package dev.tandem.clients.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.clients.replay.ReplayRule.Decision;
import dev.tandem.clients.replay.ReplayRule.Replay;
import dev.tandem.clients.replay.ReplayRule.Skip;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayRuleTest {
    private static final TopicSettings TOPICS =
            SettingsLoader.load(Optional.empty(), List.of()).topics();
    private static final String ORIGIN = "pairs-0-17";

    @TempDir
    private Path folder;

    @Test
    void decide_noRestriction_replaysUnchangedWithoutDeadLetterHeaders() {
        ConsumerRecord<byte[], byte[]> deadLetter = deadLetter(ORIGIN, "NOT_AN_IMAGE");
        deadLetter.headers().add("mine", "kept".getBytes(UTF_8));

        ProducerRecord<byte[], byte[]> record = replayed(rule().decide(deadLetter));

        assertThat(record.topic()).isEqualTo("pairs");
        assertThat(record.value()).isEqualTo(deadLetter.value());
        assertThat(record.headers())
                .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .containsExactlyInAnyOrder("mine=kept", "tandem-replay-of=" + ORIGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"others-0-1", "pairs-0", "pairs-0-1-2", "pairs-x-1", "translations-0-1"})
    void decide_originOutsideTheTopicsOfRuns_isSkipped(String origin) {
        assertThat(reason(rule().decide(deadLetter(origin, "EMPTY")))).contains("origin " + origin);
    }

    @Test
    void decide_noOrigin_isSkipped() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("dead-letters", 0, 0, new byte[0], new byte[1]);

        assertThat(reason(rule().decide(record))).contains("no header tandem-origin");
    }

    @Test
    void decide_otherReason_isSkipped() {
        ReplayRule rule = new ReplayRule(TOPICS, Set.of("TOO_SMALL"), Optional.empty());

        assertThat(reason(rule.decide(deadLetter(ORIGIN, "EMPTY")))).isEqualTo("its reason is EMPTY");
        assertThat(rule.decide(deadLetter(ORIGIN, "TOO_SMALL"))).isInstanceOf(Replay.class);
    }

    @Test
    void decide_droppedValue_isReplayedOnlyFromRepairedFile() throws IOException {
        ConsumerRecord<byte[], byte[]> deadLetter = deadLetter(ORIGIN, "TOO_MANY_BYTES");
        deadLetter.headers().add("tandem-dropped-value", "99".getBytes(UTF_8));
        ReplayRule repaired = new ReplayRule(TOPICS, Set.of(), Optional.of(folder));

        assertThat(reason(rule().decide(deadLetter))).contains("too large");
        assertThat(reason(repaired.decide(deadLetter))).contains("no repaired file " + ORIGIN);

        Files.write(folder.resolve(ORIGIN + ".png"), new byte[] {7});
        assertThat(replayed(repaired.decide(deadLetter)).value()).containsExactly(7);

        Files.write(folder.resolve(ORIGIN + ".jpg"), new byte[] {8});
        assertThat(reason(repaired.decide(deadLetter))).contains("several repaired files");
    }

    @Test
    void create_missingFolder_isUserError() {
        Optional<Path> missing = Optional.of(folder.resolve("missing"));

        assertThatThrownBy(() -> new ReplayRule(TOPICS, Set.of(), missing))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no folder");
    }

    private static ReplayRule rule() {
        return new ReplayRule(TOPICS, Set.of(), Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> deadLetter(String origin, String reason) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("dead-letters", 0, 5, "key".getBytes(UTF_8), "value".getBytes(UTF_8));
        record.headers().add("tandem-origin", origin.getBytes(UTF_8));
        record.headers().add("tandem-reason", reason.getBytes(UTF_8));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> replayed(Decision decision) {
        assertThat(decision).isInstanceOf(Replay.class);
        return ((Replay) decision).record();
    }

    private static String reason(Decision decision) {
        assertThat(decision).isInstanceOf(Skip.class);
        return ((Skip) decision).reason();
    }
}
