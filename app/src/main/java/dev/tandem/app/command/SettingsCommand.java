package dev.tandem.app.command;

import dev.tandem.config.SettingsReference;
import dev.tandem.config.SettingsReference.Entry;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "settings",
        description = "Say what every setting means, its unit, range and default.",
        footer = {
            "",
            "Examples:",
            "  tandem settings",
            "  tandem settings train.loss",
            "  tandem settings --markdown FILE"
        })
final class SettingsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write a page of them instead.")
    private Optional<Path> markdown = Optional.empty();

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Override
    public Integer call() {
        List<Entry> entries = SettingsReference.entries().stream()
                .filter(entry -> entry.key().startsWith(prefix))
                .toList();
        if (entries.isEmpty()) {
            throw new UserError("no setting begins with " + prefix + "; tandem settings has them all");
        }
        if (markdown.isPresent()) {
            ImageFiles.write(markdown.get(), page(entries).getBytes(StandardCharsets.UTF_8));
        } else if (output.wanted()) {
            output.print(spec.commandLine().getOut(), Map.of("settings", entries));
        } else {
            entries.forEach(this::print);
        }
        return 0;
    }

    private void print(Entry entry) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(spec.commandLine().getColorScheme().ansi().string("@|bold " + entry.key() + "|@") + " = "
                + entry.value());
        if (!entry.meaning().isEmpty()) {
            out.println("    " + entry.meaning());
        }
        out.flush();
    }

    private static String page(List<Entry> entries) {
        StringBuilder page =
                new StringBuilder("# Settings\n\nSet one by `--set key=value`, several by `--config FILE`.\n\n"
                        + "| key | default | meaning |\n|---|---|---|\n");
        entries.forEach(entry -> page.append("| `%s` | `%s` | %s |%n"
                .formatted(entry.key(), entry.value(), entry.meaning().replace("|", "\\|"))));
        return page.toString();
    }
}
