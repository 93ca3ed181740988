package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the documentation with the program and the files. DocsIT runs the commands. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> PAGES_OUTSIDE_DOCS =
            List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "TROUBLESHOOTING.md");
    private static final String LAUNCHER = "./tandem ";
    /** Group 1: the file, relative to the page; group 2: the heading. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

    @ParameterizedTest
    @MethodSource("commands")
    void readme_everyCommand_isAcceptedByTheProgram(String command) {
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

    @ParameterizedTest
    @MethodSource("pages")
    void page_links_leadToFilesAndHeadings(Path page) throws IOException {
        Matcher links = LINK.matcher(Files.readString(page));
        while (links.find()) {
            Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
            assertThat(target).as("link %s of %s", links.group(), page).exists();
            if (links.group(2) != null) {
                assertThat(anchors(target))
                        .as("headings of %s, linked by %s", target, page)
                        .contains(links.group(2));
            }
        }
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    PAGES_OUTSIDE_DOCS.stream().map(ROOT::resolve),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList()
                    .stream();
        }
    }

    /** The anchors that GitHub makes of the headings of a page. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readString(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
