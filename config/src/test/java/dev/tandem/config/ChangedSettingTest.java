package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangedSettingTest {

    @Test
    void between_otherValues_listsOldAndNewByKey() {
        Map<String, String> before =
                load("train.learning-rate=1e-4", "train.ema-decay=0.5").provenance();
        Map<String, String> after = load("augment.flip=false", "images.resize=nearest", "images.depth=12")
                .provenance();

        assertThat(ChangedSetting.between(before, after))
                .extracting(ChangedSetting::toString)
                .containsExactly(
                        "augment.flip true -> false",
                        "images.depth auto -> 12",
                        "images.resize-a bicubic -> nearest",
                        "images.resize-b bicubic -> nearest",
                        "train.ema-decay 0.5 -> 0.995",
                        "train.learning-rate 1e-4 -> 0.001");
    }

    @Test
    void between_otherBatchSize_listsTheDecayThatFollowsFromIt() {
        assertThat(ChangedSetting.between(
                        load().provenance(), load("train.batch-size=16").provenance()))
                .extracting(ChangedSetting::toString)
                .containsExactly("train.batch-size 4 -> 16", "train.ema-decay 0.995 -> 0.98");
        assertThat(ChangedSetting.between(load("train.ema-decay=0.995").provenance(), load().provenance()))
                .as("the same decay")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2e-4, 0.0002", "0.0, 0", "LINEAR, linear", "yes, true", "off, false"})
    void between_otherTextOfTheSameValue_isEmpty(String before, String after) {
        assertThat(ChangedSetting.between(Map.of("key", before), Map.of("key", after)))
                .isEmpty();
    }

    @Test
    void between_keyThatIsNew_isNotChanged() {
        assertThat(ChangedSetting.between(Map.of(), Map.of("key", "1"))).isEmpty();
    }

    private static Settings load(String... assignments) {
        return SettingsLoader.load(Optional.empty(), List.of(assignments));
    }
}
