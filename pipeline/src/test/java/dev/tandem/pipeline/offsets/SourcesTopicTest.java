package dev.tandem.pipeline.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class SourcesTopicTest {
    private static final SourcesTopic NOW = new SourcesTopic("sources", "new id", 3);

    @Test
    void atCommit_ownMetadata_isTheTopicAtThatTime() {
        SourcesTopic before = new SourcesTopic("sources", "KYLQ3zDjQeO6DJq1h1Q-_A", 2);

        assertThat(NOW.atCommit(new OffsetAndMetadata(5, before.offsetMetadata())))
                .hasValue(before);
    }

    @Test
    void atCommit_metadataOfAnotherProgram_isEmpty() {
        assertThat(NOW.atCommit(new OffsetAndMetadata(5))).isEmpty();
        assertThat(NOW.atCommit(new OffsetAndMetadata(5, "partitions=x,topic=y")))
                .isEmpty();
    }
}
