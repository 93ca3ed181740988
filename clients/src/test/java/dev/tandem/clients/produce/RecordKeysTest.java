package dev.tandem.clients.produce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordKeysTest {

    @Test
    void of_nameContentAndEpoch_determineTheKey() {
        String key = RecordKeys.of("a.png", new byte[] {1}, 1);

        assertThat(key).matches("a\\.png#[0-9a-f]{16}").isEqualTo(RecordKeys.of("a.png", new byte[] {1}, 1));
        assertThat(RecordKeys.of("a.png", new byte[] {2}, 1)).isNotEqualTo(key);
        assertThat(RecordKeys.of("b.png", new byte[] {1}, 1)).isNotEqualTo(key);
        assertThat(RecordKeys.of("a.png", new byte[] {1}, 2)).isEqualTo(key + "#2");
    }
}
