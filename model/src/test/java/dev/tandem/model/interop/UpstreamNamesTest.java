package dev.tandem.model.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.Goldens;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares names and shapes with the state_dicts of the two programs, for many options (names.json). */
class UpstreamNamesTest {

    static Stream<JsonNode> cases() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(Goldens.file("upstream/names.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void parameter_everyNetwork_hasTheNameAndShapeOfTheProgram(JsonNode model) {
        Upstream from = Upstream.valueOf(model.path("from").asText());
        Networks networks = Networks.of(settings(model));
        UpstreamNames names = from.names(networks.settings());

        files(model).forEach((member, file) -> {
            Map<String, Shape> ours = new TreeMap<>();
            networks.parameters(member).forEach(spec -> ours.put(names.parameter(member, spec.name()), spec.shape()));
            assertThat(ours).as(member.key()).isEqualTo(file.shapes());
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void settings_fromShapes_describeTheSameNetworks(JsonNode model) {
        Upstream from = Upstream.valueOf(model.path("from").asText());
        List<String> inferred = new ArrayList<>(from.settings(files(model)));
        if (model.path("settings").asText().contains("norm=none")) {
            // No shape depends on this setting.
            inferred.add("model.norm=none");
        }

        Settings settings = SettingsLoader.load(Optional.empty(), inferred);

        Settings expected = settings(model);
        assertThat(settings.model().generatorDepth()).isEqualTo(expected.model().generatorDepth());
        assertThat(settings.model().imageSize()).isEqualTo(expected.model().imageSize());
        assertThat(settings.model().latent()).isEqualTo(expected.model().latent());
        assertThat(settings.model().norm()).isEqualTo(expected.model().norm());
        assertThat(settings.model().inputChannels()).isEqualTo(expected.model().inputChannels());
        assertThat(settings.model().outputChannels()).isEqualTo(expected.model().outputChannels());
        assertThat(settings.model().generator().upsample())
                .isEqualTo(expected.model().generator().upsample());
        files(model)
                .keySet()
                .forEach(member -> assertThat(shapes(settings, member)).isEqualTo(shapes(expected, member)));
    }

    private static Map<String, Shape> shapes(Settings settings, Member member) {
        Map<String, Shape> shapes = new TreeMap<>();
        Networks.of(settings).parameters(member).forEach(spec -> shapes.put(spec.name(), spec.shape()));
        return shapes;
    }

    private static Settings settings(JsonNode model) {
        List<String> assignments = new ArrayList<>(List.of("model.preset=paper"));
        assignments.addAll(List.of(model.path("settings").asText().split(" ")));
        return SettingsLoader.load(Optional.empty(), assignments);
    }

    private static Map<Member, WeightFile> files(JsonNode model) {
        Map<Member, WeightFile> files = new EnumMap<>(Member.class);
        model.path("networks").properties().forEach(network -> {
            Map<String, Shape> shapes = new TreeMap<>();
            network.getValue().properties().forEach(tensor -> {
                if (!tensor.getKey().endsWith("num_batches_tracked")) {
                    shapes.put(tensor.getKey(), shape(tensor.getValue()));
                }
            });
            files.put(
                    Member.valueOf(network.getKey().toUpperCase(Locale.ROOT)),
                    new WeightFile(Path.of(network.getKey()), shapes, shapes.keySet()));
        });
        return files;
    }

    private static Shape shape(JsonNode dimensions) {
        return new Shape(StreamSupport.stream(dimensions.spliterator(), false)
                .map(JsonNode::asInt)
                .toList());
    }
}
