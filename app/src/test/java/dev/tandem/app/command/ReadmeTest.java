package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README promises is what the program takes; the commands themselves run in the integration tests. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String LAUNCHER = "./tandem ";

    @ParameterizedTest
    @MethodSource("commands")
    void readme_everyCommand_isOneTheProgramTakes(String command) {
        String[] arguments = command.substring(LAUNCHER.length()).trim().split("\\s+");

        assertThatCode(() -> TandemCommand.commandLine().parseArgs(arguments)).doesNotThrowAnyException();
    }

    static Stream<String> commands() throws IOException {
        return readme().lines().map(line -> line.replaceFirst("\\s*#.*", "")).filter(line -> line.startsWith(LAUNCHER));
    }

    @Test
    void readme_testCommand_isTheOneOfCi() throws IOException {
        assertThat(readme()).contains("\nmvn -B verify");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("\nmvn -B verify\n");
    }

    @Test
    void readme_listOfCommands_isComplete() throws IOException {
        String readme = readme();
        Set<String> commands = TandemCommand.commandLine().getSubcommands().keySet().stream()
                .map(name -> "`./tandem " + name)
                .collect(Collectors.toSet());

        assertThat(commands).allSatisfy(command -> assertThat(readme).contains(command));
    }

    @Test
    void readme_filesItLinksTo_exist() throws IOException {
        assertThat(links(readme()))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    @Test
    void docs_filesTheyLinkTo_exist() throws IOException {
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                for (String link : links(Files.readString(page))) {
                    assertThat(page.resolveSibling(link))
                            .as(page + " links to it")
                            .exists();
                }
            }
        }
    }

    private static List<String> links(String page) {
        return Stream.of(page.split("]\\("))
                .skip(1)
                .map(rest -> rest.substring(0, rest.indexOf(')')))
                .filter(link -> !link.startsWith("http"))
                .map(link -> link.replaceFirst("#.*", ""))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
