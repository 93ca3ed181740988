package dev.tandem.pipeline.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.broker.OffsetRange;
import dev.tandem.pipeline.consume.KafkaClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LostOffsetsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TopicPartition PARTITION = new TopicPartition("sources", 0);
    private static final OffsetRange RANGE = new OffsetRange(5, 20);

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    /** The stream restarts after failures of Kafka only. */
    @Test
    void find_noBrokerAnswers_isAFailureOfKafka() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Settings settings = SettingsLoader.load(
                    Optional.empty(),
                    List.of(
                            "kafka.bootstrap-servers=127.0.0.1:" + silent.getLocalPort(),
                            "topics.admin-timeout=1 second"));
            KafkaClients clients = new KafkaClients(KIT.system(), settings.kafka(), settings.topics());
            LostOffsets search = new LostOffsets(clients, settings, new SourcesTopic("sources", "id", 1));

            assertThatThrownBy(() -> search.find(new NoOffsetForPartitionException(PARTITION)))
                    .isInstanceOf(KafkaException.class)
                    .hasMessage("no Kafka broker answers at 127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void inRange_committedOffsetAfterTheEnd_isTheEnd() {
        assertThat(inRange(30, Optional.empty())).isEqualTo(20);
    }

    @Test
    void inRange_recordsLostAndReplaced_isTheFirstReplacedRecord() {
        assertThat(inRange(18, Optional.of(12L))).isEqualTo(12);
        assertThat(inRange(30, Optional.of(12L))).isEqualTo(12);
    }

    @Test
    void inRange_recordsRemovedByRetention_isTheOldestRecord() {
        assertThat(inRange(3, Optional.empty())).isEqualTo(5);
    }

    @Test
    void inRange_positionExists_isUnchanged() {
        assertThat(inRange(12, Optional.empty())).isEqualTo(12);
        assertThat(inRange(20, Optional.empty())).isEqualTo(20);
    }

    private static long inRange(long position, Optional<Long> divergent) {
        return LostOffsets.inRange(PARTITION, position, divergent, RANGE);
    }
}
