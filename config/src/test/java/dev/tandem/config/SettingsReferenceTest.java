package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsReference.Entry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    private final List<Entry> entries = SettingsReference.entries();

    @Test
    void entries_everySetting_isThereInTheFilesOrder() {
        assertThat(entries)
                .extracting(Entry::key)
                .containsExactlyInAnyOrderElementsOf(KnownKeys.flat(SettingsLoader.resolve(Optional.empty(), List.of())
                                .getConfig("tandem"))
                        .keySet());
        assertThat(entries).first().extracting(Entry::key).isEqualTo("kafka.bootstrap-servers");
    }

    @Test
    void entries_hardlyAny_isWithoutAMeaning() {
        assertThat(entries)
                .filteredOn(entry -> entry.meaning().isEmpty())
                .extracting(Entry::key)
                .as("those that share the comment above their neighbour")
                .containsExactlyInAnyOrder(
                        "model.output-channels",
                        "train.beta2",
                        "health.probe-samples",
                        "run.restart-max",
                        "http.port",
                        "http.probe-samples");
    }

    @Test
    void entries_defaults_areWhatOneWouldWrite() {
        assertThat(entries)
                .allSatisfy(entry -> assertThat(ConfigFactory.parseString(entry.key() + " = " + entry.value())
                                .getValue(entry.key())
                                .unwrapped())
                        .isNotNull());
    }
}
