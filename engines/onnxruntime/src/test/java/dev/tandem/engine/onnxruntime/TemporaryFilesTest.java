package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TemporaryFilesTest {

    /** A deleted file takes disk space, or memory in a tmpfs, until no process maps it. */
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = "amd64",
            disabledReason = "The test reads /proc/self/maps, and other processors do not pack all weights.")
    void open_largeWeights_mapsNoTemporaryFileAfterwards() throws IOException {
        Settings settings = TestSettings.tiny("model.width=32");
        try (BicycleGan model = BicycleGan.translating(
                new OnnxRuntimeProvider().open(Device.CPU, EngineOptions.on("test")), settings, Optional.empty())) {
            assertThat(model.memory().used()).isGreaterThan(1 << 20);
            assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                    .noneMatch(mapping -> mapping.contains("tandem-onnx-"));
        }
    }
}
