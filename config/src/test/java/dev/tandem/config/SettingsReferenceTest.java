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
    void entries_referenceConf_haveEverySettingInTheOrderOfTheFile() {
        assertThat(entries)
                .extracting(Entry::key)
                .containsExactlyInAnyOrderElementsOf(
                        KnownKeys.flatten(SettingsLoader.resolve(Optional.empty(), List.of())
                                        .getConfig("tandem"))
                                .keySet());
        assertThat(entries).first().extracting(Entry::key).isEqualTo("kafka.bootstrap-servers");
    }

    @Test
    void entries_everySetting_haveAMeaning() {
        assertThat(entries)
                .filteredOn(entry -> entry.meaning().isBlank())
                .extracting(Entry::key)
                .isEmpty();
    }

    @Test
    void entries_everyDefault_isValidInASettingsFile() {
        assertThat(entries)
                .allSatisfy(entry -> assertThat(ConfigFactory.parseString(entry.key() + " = " + entry.value())
                                .getValue(entry.key())
                                .unwrapped())
                        .isNotNull());
    }

    @Test
    void entries_defaultThatIsAnotherSetting_haveItsValueAndTheirOwnMeaning() {
        assertThat(entries)
                .filteredOn(entry -> entry.key().equals("images.resize-b"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.value()).isEqualTo("\"bicubic\"");
                    assertThat(entry.meaning()).contains("outputs").endsWith("Default: images.resize.");
                });
    }
}
