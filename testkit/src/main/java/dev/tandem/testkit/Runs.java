package dev.tandem.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.Shapes;
import dev.tandem.images.encode.PngEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Runs of a tiny model against a broker, each with topics of its own, and pictures to feed them. */
public record Runs(BrokerProcess broker, Path folder) {
    public static final int SIDE = 32;

    public TandemProcess start(String name, String... more) {
        List<String> all = new ArrayList<>(List.of("--roles", "train,translate"));
        all.addAll(List.of(more));
        return TandemProcess.start(arguments(name, all));
    }

    public List<String> arguments(String name, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("run", "--json"));
        List.of(
                        "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "topics.pairs=" + name + "-pairs",
                        "topics.sources=" + name + "-sources",
                        "topics.translations=" + name + "-translations",
                        "topics.dead-letters=" + name + "-dead",
                        "run.group=" + name,
                        "checkpoint.directory=" + folder.resolve(name),
                        "checkpoint.every-steps=3",
                        "model.image-size=" + SIDE,
                        "model.width=4",
                        "model.device=cpu",
                        "train.batch-size=4")
                .forEach(setting -> arguments.addAll(List.of("--set", setting)));
        arguments.addAll(more);
        return arguments;
    }

    /** What a run that ends well says last. */
    public static JsonNode result(TandemProcess run) {
        try (run) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            return run.json();
        }
    }

    public static List<ProducerRecord<byte[], byte[]>> pairs(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(topic, pair(i)))
                .toList();
    }

    public static byte[] pair(int index) {
        Dataset.Example example = Shapes.draw(1).examples().get(index);
        return PngEncoder.encode(example.render(SIDE));
    }

    /** Told by the signature of its bytes. */
    public static boolean isPair(byte[] value) {
        return value.length > 1 && value[1] == 'P';
    }

    public static byte[] source() {
        Dataset.Example example = Shapes.draw(1).examples().get(0);
        return PngEncoder.encode(example.render(SIDE).getSubimage(0, 0, SIDE, SIDE));
    }
}
