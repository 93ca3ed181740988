package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceCommandTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        --rounds; Missing required parameter for option '--rounds' (N)
        --rounds x; Invalid value for option '--rounds': 'x' is not an int
        --rounds 0; --rounds is [0], but must be at least 1
        --batches 1,0; --batches is [1, 0], but must be at least 1
        --threads 0; --threads is [0], but must be at least 1
        --round 3; Unknown options: '--round', '3'
        --presets other; model.preset
        --width 1; model.width
        """)
    void execute_wrongUsage_endsWithOneLineAndCode2(String arguments, String message) {
        StringWriter errors = new StringWriter();

        int exit = InferenceCommand.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(arguments.split(" "));

        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("bench/inference: ")
                .contains(message);
    }

    @Test
    void execute_smallModel_printsBothTables() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "the memory of a process is only measured on Linux");
        StringWriter output = new StringWriter();

        int exit = InferenceCommand.commandLine()
                .setOut(new PrintWriter(output, true))
                .execute("--presets=paper", "--sizes=32", "--batches=1,2", "--rounds=1", "--width=2");

        assertThat(exit).isZero();
        assertThat(rows(output)).containsExactly("PAPER 32 1", "PAPER 32 2", "PAPER 32 onnxruntime", "PAPER 32 model");
    }

    @Test
    void results_asJson_areOneArrayWithAllRows() throws Exception {
        InferenceResults results =
                new InferenceResults(List.of(Map.of("batch", 1)), List.of(Map.of("engine", "model")));

        assertThat(results.json()).isEqualTo("[{\"batch\":1},{\"engine\":\"model\"}]");
    }

    /** The first three cells of each row below a header. */
    private static Stream<String> rows(StringWriter output) {
        return output.toString()
                .lines()
                .filter(line -> line.startsWith("| PAPER"))
                .map(line -> String.join(" ", List.of(line.split("[ |]+")).subList(1, 4)));
    }
}
