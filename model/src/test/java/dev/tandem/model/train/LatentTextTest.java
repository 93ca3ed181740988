package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatentTextTest {

    @Test
    void parse_formattedLatent_givesExactlyTheSameFloats() {
        Tensor z = Latents.random(3, 1, 512);

        assertThat(LatentText.parse(LatentText.format(z), 512).orElseThrow().data())
                .isEqualTo(z.data());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.1|0.1",
                "-3e-8|-3.0E-8",
                "1000|1000.0",
                "-1e3|-1000.0",
                "+2|2.0",
                "-0|-0.0",
                "1.17549435E-38|1.17549435E-38"
            })
    void parse_oneNumber_isTheNearestFloat(String text, String formatted) {
        assertThat(LatentText.parse(text, 1).map(LatentText::format)).hasValue(formatted);
    }

    @Test
    void parse_spacesAroundNumbers_areIgnored() {
        assertThat(LatentText.parse(" 0.5,-1 , 2e-3", 3)).hasValueSatisfying(z -> {
            assertThat(z.shape()).isEqualTo(Shape.of(1, 3));
            assertThat(z.data()).containsExactly(0.5f, -1, 0.002f);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1,2,3",
                "1,",
                ",1",
                "1,,2",
                "1;2",
                "1,x",
                "1,NaN",
                "Infinity,1",
                "-Infinity,1",
                "1e38,0",
                "0,-1e38",
                "1e39,0",
                "1000.001,0",
                "0,-1001",
                "1e999999999,0"
            })
    void parse_wrongCountOrValue_isEmpty(String text) {
        assertThat(LatentText.parse(text, 2)).isEmpty();
    }

    @Test
    void expected_anyLength_saysCountAndRange() {
        assertThat(LatentText.expected(8)).isEqualTo("8 comma-separated numbers from -1000 to 1000");
        assertThat(LatentText.expected(1)).isEqualTo("1 number from -1000 to 1000");
        assertThat(LatentText.expected(0)).contains("model.latent=0");
    }
}
