package dev.tandem.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option {@code --json}: the result as one object on the last line of standard output. */
final class JsonOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "Print the result as one JSON object on the last line of standard output.")
    private boolean json;

    /** Whether the result is for programs. */
    boolean wanted() {
        return json;
    }

    void print(PrintWriter out, Map<String, ?> result) {
        if (json) {
            try {
                out.println(JSON.writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        } else {
            result.forEach((key, value) ->
                    out.println(key + ": " + (value instanceof Record ? JSON.<JsonNode>valueToTree(value) : value)));
        }
        out.flush();
    }
}
