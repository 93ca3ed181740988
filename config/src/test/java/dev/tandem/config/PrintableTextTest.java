package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void of_charactersThatControlATerminal_areReplaced() {
        assertThat(PrintableText.of("a\u001b[31mb\u0007\u009b1m\rc\u202ed\u0000\u2066"))
                .isEqualTo("a?[31mb??1m?c?d??");
    }

    @Test
    void of_otherCharacters_areKept() {
        assertThat(PrintableText.of("Bäume 木 🌳\n\"quoted\"")).isEqualTo("Bäume 木 🌳\n\"quoted\"");
    }
}
