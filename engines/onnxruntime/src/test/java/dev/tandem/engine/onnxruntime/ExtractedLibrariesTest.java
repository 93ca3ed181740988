package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import dev.tandem.model.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ExtractedLibrariesTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems need the files of loaded libraries")
    void load_onTheCpu_leavesNoFiles() throws IOException {
        NativeLibrary.load(DeviceOptions.of(Device.CPU, EngineOptions.on("test"), Map.of()));

        assertThat(mappedLibraries()).isNotEmpty().allSatisfy(library -> {
            assertThat(library).contains("onnxruntime-java").endsWith(" (deleted)");
            assertThat(Path.of(library.replace(" (deleted)", "")).getParent()).doesNotExist();
        });
    }

    private static List<String> mappedLibraries() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("libonnxruntime"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        }
    }
}
