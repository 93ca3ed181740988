package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.images.TestImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

class CommandLineTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void produceCheck_sixteenBitFileOfTwelveBits_warnsWithItsNameAndTheSetting() throws IOException {
        Files.write(folder.resolve("dark.png"), TestImages.png(TestImages.sixteenBits(64, 32, 4095, 65535)));

        assertThat(execute("produce", "--check", folder.toString())).isZero();
        assertThat(err.toString())
                .startsWith("dark.png: ")
                .contains("is 16 of 255")
                .contains("images.depth=12");
    }

    @Test
    void produceCheck_depthIsSet_doesNotWarn() throws IOException {
        Files.write(folder.resolve("dark.png"), TestImages.png(TestImages.sixteenBits(64, 32, 4095, 4095)));

        assertThat(execute("produce", "--check", "--set", "images.depth=12", folder.toString()))
                .isZero();
        assertThat(err.toString()).doesNotContain("images.depth");
    }

    @Test
    void help_ofEveryCommand_hasAnExample() {
        assertThat(TandemCommand.commandLine().getSubcommands()).allSatisfy((name, command) -> {
            String[] footer = command.getCommandSpec().usageMessage().footer();
            assertThat(String.join("\n", footer)).contains("Example", "tandem " + name);
        });
    }

    @ParameterizedTest
    @MethodSource("allCommands")
    void help_in80Columns_breaksNoExampleAndNoWord(String name, CommandLine command) {
        UsageMessageSpec texts = command.getCommandSpec().usageMessage();
        String usage =
                command.setUsageHelpAutoWidth(false).setUsageHelpWidth(80).getUsageMessage(Help.Ansi.OFF);
        assertThat(usage.lines()).allMatch(line -> line.length() <= 80);
        assertThat(usage.lines().toList()).containsAll(List.of(texts.footer()));
        assertThat(usage.split("\\s+")).containsAll(words(descriptions(command)));
    }

    private static Stream<String> descriptions(CommandLine command) {
        return Stream.of(
                        Arrays.stream(command.getCommandSpec().usageMessage().description()),
                        command.getCommandSpec().args().stream().flatMap(option -> Arrays.stream(option.description())),
                        command.getSubcommands().values().stream()
                                .map(sub -> sub.getCommandSpec().usageMessage().description()[0]))
                .flatMap(texts -> texts);
    }

    private static List<String> words(Stream<String> texts) {
        return texts.flatMap(text -> Arrays.stream(text.split("\\s+"))).toList();
    }

    /** The program, its commands and their commands, with their names. */
    static Stream<Arguments> allCommands() {
        return withSubcommands(TandemCommand.commandLine())
                .map(command -> arguments(command.getCommandSpec().qualifiedName(), command));
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(CommandLineTest::withSubcommands));
    }

    @ParameterizedTest
    @CsvSource({
        "prodcue, produce",
        "trian --json, translate",
        "bench steps, bench step",
        "produce --epoch 3 x, --epochs",
        "run --sett a=1, --set",
        "consume --ot x, --out"
    })
    void execute_misspeltCommandOrOption_suggestsTheNearest(String arguments, String suggestion) {
        assertThat(execute(arguments.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(suggestion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "run --roles dance",
                "broker",
                "demo --steps 0",
                "dataset openmoji",
                "dataset shapes --size 3 --out x",
                "dataset shapes --limit 0 --out x",
                "import --from elsewhere --out x G=y",
                "import --from junyanz --out x Q=y",
                "import --from junyanz --out x",
                "interpolate --checkpoint x --frames 1 --out y z",
                "export --checkpoint x",
                "bench",
                "bench step --runs 0",
                "bench step --engine onnxruntime",
                "bench generate --batch 0",
                "bench decode"
            })
    void execute_wrongUsage_exitsWithTwo(String arguments) {
        String[] split = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        assertThat(execute(split)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void completion_optionsForSettingsFiles_completeFileNames() {
        assertThat(execute("completion")).isZero();

        assertThat(out.toString().split("'--config'\\)\\s"))
                .hasSizeGreaterThan(8)
                .satisfies(parts -> assertThat(Arrays.stream(parts).skip(1))
                        .allSatisfy(part -> assertThat(part.split(";;")[0]).contains("compgen -f")));
    }

    @Test
    void execute_valueOutOfRange_pointsToTheHelpOfTheCommand() {
        assertThat(execute("bench", "step", "--runs", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly("tandem: --runs is 0, but must be at least 1", "see tandem bench step --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "run",
                "broker",
                "produce",
                "consume",
                "dataset",
                "translate",
                "interpolate",
                "import",
                "export",
                "bench"
            })
    void help_everyCommand_showsItsUsage(String command) {
        assertThat(execute(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: tandem " + command);
    }

    @Test
    void run_settingOutOfRange_failsInOneLine() {
        assertThat(execute("run", "--set", "train.batch-size=0")).isEqualTo(1);
        assertThat(err.toString().trim()).isEqualTo("tandem: train.batch-size is 0, but must be between 1 and 1024");
    }

    @Test
    void run_unknownSetting_namesTheNearestKnownOne() {
        assertThat(execute("run", "--set", "model.widht=8")).isEqualTo(1);
        assertThat(err.toString().trim()).isEqualTo("tandem: unknown setting model.widht; did you mean model.width?");
    }

    @Test
    void run_checkpointFolderIsAFile_failsInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(execute("run", "--set", "checkpoint.directory=" + file)).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("cannot be written to");
    }

    @Test
    void run_noCheckpointIsValid_failsAndKeepsThem() throws IOException {
        Path damaged = Files.createDirectories(folder.resolve("step-0000000007"));

        assertThat(execute("run", "--set", "checkpoint.directory=" + folder)).isEqualTo(1);
        assertThat(err.toString().lines().reduce((first, last) -> last))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("tandem: the only checkpoint in " + folder + " is not valid; repair one, or set"));
        assertThat(damaged).isDirectory();
    }

    @Test
    void run_cudaWithoutGpu_failsInOneLine() {
        assertThat(execute("run", "--set", "model.device=cuda", "--set", "checkpoint.directory=" + folder))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("tandem: model.device is cuda, but ");
        assertThat(err.toString().lines()).hasSize(1);
    }

    /** This build has only ND4J, on the CPU. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --set model.device=cuda:9 | tandem: model.device is cuda:9, but",
                "run --set model.engine=libtorch | tandem: model.engine is libtorch, but this build has only nd4j",
                "run --set model.engine=onnxruntime | tandem: model.engine is \"onnxruntime\", but must be an engine that"
                        + " trains; set translate.engine=onnxruntime",
                "run --set translate.engine=onnxruntime --set model.device=cuda | tandem: model.device is cuda, but",
                "bench generate --engine onnxruntime --set model.device=cuda | tandem: translate.engine is onnxruntime and"
                        + " model.device is cuda, but",
                "bench generate --engine onnxruntime --set model.precision=bf16 | tandem: translate.engine is onnxruntime",
                "bench step --engine libtorch | tandem: model.engine is libtorch, but this build has only nd4j",
                "bench generate --engine tensorflow | tandem: model.engine is tensorflow, but this build has only nd4j",
                "run --set model.precision=bf16 | tandem: no engine of this build can compute the model",
                "run --set train.gan-mode=wgangp | tandem: no engine of this build can compute the model",
                "run --set train.loss.lambda-r1=1 | tandem: no engine of this build can compute the model",
                "bench step --set train.gan-mode=wgangp | tandem: no engine of this build can compute the model",
            })
    void command_settingThatTheBuildCannotCompute_failsInOneLine(String command, String message) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--set", "checkpoint.directory=" + folder));

        assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(1);
        assertThat(err.toString()).startsWith(message);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(folder).isDirectoryNotContaining("glob:**step-*");
    }

    @Test
    void dataset_shapes_writesPairsAndManifestSplitByOutline() throws IOException {
        assertThat(execute("dataset", "shapes", "--size", "32", "--limit", "80", "--json", "--out", folder.toString()))
                .isZero();
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());

        assertThat(manifest.path("files")).hasSize(80);
        manifest.path("files").forEach(file -> {
            assertThat(folder.resolve(file.path("file").asText())).isRegularFile();
            assertThat(file.path("file").asText()).startsWith(file.path("split").asText() + "/");
            assertThat(file.path("hue").asDouble()).isBetween(0.0, 1.0);
        });
        JsonNode counts = new ObjectMapper().readTree(out.toString().trim());
        assertThat(counts.path("train").asInt()).isEqualTo(72);
        assertThat(counts.path("val").asInt()).isEqualTo(8);
    }

    private int execute(String... arguments) {
        return TandemCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
