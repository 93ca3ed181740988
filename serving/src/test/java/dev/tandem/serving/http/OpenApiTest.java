package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks that tools can read the OpenAPI document. HttpApiIT compares it with the API. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private JsonNode document;

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/openapi.json")) {
            document = new ObjectMapper().readTree(in);
        }
    }

    @Test
    void references_always_resolve() {
        List<JsonNode> references = document.findValues("$ref");

        assertThat(references)
                .hasSizeGreaterThan(20)
                .allSatisfy(reference -> assertThat(
                                document.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
    }

    @Test
    void schemas_always_areUsed() {
        List<String> used = document.findValues("$ref").stream()
                .map(reference -> reference.asText().replaceFirst(".*/", ""))
                .toList();

        document.path("components")
                .path("schemas")
                .fieldNames()
                .forEachRemaining(schema -> assertThat(used).contains(schema));
    }

    @Test
    void operations_always_haveUniqueIdsSummariesAndDescribedResponses() {
        Set<String> ids = new HashSet<>();
        List<JsonNode> operations = operations();

        assertThat(operations).hasSizeGreaterThan(12);
        for (JsonNode operation : operations) {
            assertThat(ids.add(operation.path("operationId").asText()))
                    .as(operation.toString())
                    .isTrue();
            assertThat(operation.path("summary").asText()).isNotEmpty();
            assertThat(operation.path("responses"))
                    .isNotEmpty()
                    .allSatisfy(response ->
                            assertThat(response.path("description").asText()).isNotEmpty());
        }
    }

    @Test
    void pathParameters_always_areDeclared() {
        document.path("paths").properties().forEach(path -> {
            int inPath = path.getKey().split("\\{", -1).length - 1;
            List<JsonNode> declared = path.getValue().findValues("in").stream()
                    .filter(in -> in.asText().equals("path"))
                    .toList();
            assertThat(declared).as(path.getKey()).hasSize(inPath);
        });
    }

    private List<JsonNode> operations() {
        List<JsonNode> operations = new ArrayList<>();
        document.path("paths")
                .forEach(path -> path.properties().forEach(operation -> {
                    if (METHODS.contains(operation.getKey())) {
                        operations.add(operation.getValue());
                    }
                }));
        return operations;
    }
}
