package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceConfTest {

    @Test
    void referenceConf_everyKey_hasACommentOrFollowsOneThatHas() throws IOException {
        List<String> bare = new ArrayList<>();
        boolean commented = false;
        for (String line : lines()) {
            String text = line.trim();
            if (text.startsWith("#")) {
                commented = true;
            } else if (text.isEmpty() || text.endsWith("{") || text.equals("}")) {
                commented = false;
            } else if (!commented) {
                bare.add(text);
            }
        }
        assertThat(bare).isEmpty();
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = SettingsLoader.class.getResourceAsStream("/reference.conf")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
