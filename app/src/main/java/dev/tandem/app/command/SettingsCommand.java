package dev.tandem.app.command;

import dev.tandem.config.SettingsReference;
import dev.tandem.config.SettingsReference.Entry;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "settings",
        description = "Print every setting with its meaning, unit, range and default.",
        footer = {
            "",
            "Examples:",
            "  tandem settings",
            "  tandem settings train.loss",
            "  tandem settings --markdown FILE"
        })
final class SettingsCommand implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write a Markdown page instead.")
    private Optional<Path> markdown = Optional.empty();

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Select only the keys that begin with PREFIX.")
    private String prefix = "";

    @Override
    public Integer call() {
        List<Entry> entries = SettingsReference.entries().stream()
                .filter(entry -> entry.key().startsWith(prefix))
                .toList();
        if (entries.isEmpty()) {
            throw new UserError("no setting begins with " + prefix + "; tandem settings lists all");
        }
        if (markdown.isPresent()) {
            ImageFiles.write(markdown.get(), page(entries).getBytes(StandardCharsets.UTF_8));
        } else if (output.isJson()) {
            output.printResult(Map.of("settings", entries));
        } else {
            entries.forEach(this::print);
        }
        return 0;
    }

    private void print(Entry entry) {
        output.printLine(output.styled("bold", entry.key()) + " = " + entry.value());
        if (!entry.meaning().isEmpty()) {
            output.printLine("    " + entry.meaning());
        }
    }

    private static String page(List<Entry> entries) {
        StringBuilder page =
                new StringBuilder("# Settings\n\nSet one with `--set key=value`, several with `--config FILE`.\n\n"
                        + "| key | default | meaning |\n|---|---|---|\n");
        entries.forEach(entry -> page.append("| `%s` | `%s` | %s |%n"
                .formatted(entry.key(), entry.value(), entry.meaning().replace("|", "\\|"))));
        return page.toString();
    }
}
