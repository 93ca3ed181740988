package dev.tandem.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.PrintableText;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What a command prints: results to standard output, messages to standard error. Option {@code --json}. */
final class CommandOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print the result as one JSON object on the last line of standard output.")
    private boolean json;

    /** Whether the result is printed as JSON. */
    boolean isJson() {
        return json;
    }

    /** Prints the result as one JSON object, or as one line {@code key: value} per entry. */
    void printResult(Map<String, ?> result) {
        if (json) {
            printLine(asJson(result));
        } else {
            result.forEach((key, value) ->
                    printLine(key + ": " + (value instanceof Record ? JSON.<JsonNode>valueToTree(value) : value)));
        }
    }

    /** Prints a line of the result. */
    void printLine(String line) {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }

    /** Prints a line for the user that is not part of the result. */
    void printMessage(String message) {
        command.commandLine().getErr().println(PrintableText.of(message));
    }

    /** A text in a style, for example {@code bold}, if the terminal supports it. */
    String styled(String style, String text) {
        return command.commandLine().getColorScheme().ansi().string("@|" + style + " " + text + "|@");
    }

    private static String asJson(Map<String, ?> result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
