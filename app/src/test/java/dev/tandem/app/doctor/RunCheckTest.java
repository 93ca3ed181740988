package dev.tandem.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.TestSettings;
import dev.tandem.testkit.process.FreePort;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCheckTest {
    @TempDir
    private Path folder;

    @Test
    void findings_givenPorts_areNamedByTheirPurpose() {
        int port = FreePort.find();

        assertThat(found("http.port=" + port, "http.management-port=0"))
                .containsEntry("HTTP port", "127.0.0.1:" + port + " is free")
                .containsEntry("management port", "any free port");
    }

    @Test
    void findings_noManagementPort_doNotMentionIt() {
        assertThat(found("http.port=0"))
                .containsEntry("HTTP port", "any free port")
                .doesNotContainKey("management port");
    }

    @Test
    void findings_model_isNamedAsInTheSettings() {
        assertThat(found("http.port=0")).containsEntry("model", "preset paper, image size 32");
    }

    private Map<String, String> found(String... assignments) {
        String[] all = Arrays.copyOf(assignments, assignments.length + 1);
        all[assignments.length] = "checkpoint.directory=" + folder;
        return new RunCheck(TestSettings.tiny(all))
                .findings().stream().collect(Collectors.toMap(Finding::subject, Finding::found));
    }
}
