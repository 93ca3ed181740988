package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files given by {@code --config}, with and without the root {@code tandem}. */
class SettingsFileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.batch-size = 4\nkafka.security.protocol = SASL_SSL",
                "train { batch-size = 4 }\ntandem.kafka { \"security.protocol\" = SASL_SSL }",
                "tandem { train.batch-size = 4 }\nkafka.security.protocol = SASL_SSL",
                "{\"train.batch-size\": 4, \"tandem\": {\"kafka\": {\"security.protocol\": \"SASL_SSL\"}}}",
                "train.batch-size = ${train.seed}\ntrain.seed = 4\nkafka.security.protocol = SASL_SSL"
            })
    void load_fileWithAndWithoutTheRoot_setsTheSame(String content, @TempDir Path folder) throws IOException {
        Settings settings = load(folder, content);

        assertThat(settings.train().batchSize()).isEqualTo(4);
        assertThat(settings.kafka().clientProperties()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void load_pipe_isRejectedAtOnce(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe.conf");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> SettingsLoader.load(Optional.of(pipe), List.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("the settings file " + pipe + " is not a regular file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.batchsize = 4 | unknown setting train.batchsize; did you mean train.batch-size?",
                "tandem.train { batchsize = 4 } | unknown setting train.batchsize; did you mean train.batch-size?",
                "{\"train.batchsize\": 4} | unknown setting train.batchsize; did you mean train.batch-size?",
                "width = 4 | unknown setting width; did you mean model.width?",
                "train = 4 | unknown setting train; did you mean"
            })
    void load_unknownKeyInAFile_isRejectedWithTheNearestKey(String content, String message, @TempDir Path folder) {
        assertThatThrownBy(() -> load(folder, content))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void load_keyWithAndWithoutTheRootInAFile_isRejected(@TempDir Path folder) {
        assertThatThrownBy(() -> load(folder, "train.seed = 1\ntandem.train.seed = 2"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("sets tandem.train.seed twice, with and without the prefix tandem.");
    }

    @Test
    void resolve_pekkoKeysInAFile_staySettingsOfPekko(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("tandem.conf"), "pekko.actor.names { \"dev.tandem.Name\" = a }\npekko.loglevel = DEBUG");

        Config pekko = SettingsLoader.resolve(Optional.of(file), List.of()).getConfig("pekko");

        assertThat(pekko.getString("loglevel")).isEqualTo("DEBUG");
        assertThat(pekko.getString("actor.names.\"dev.tandem.Name\"")).isEqualTo("a");
    }

    private static Settings load(Path folder, String content) throws IOException {
        return SettingsLoader.load(Optional.of(Files.writeString(folder.resolve("tandem.conf"), content)), List.of());
    }
}
