package dev.tandem.testkit.stream;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs of a small model: 32x32 pixels, width 4, batches of 4, a checkpoint every 3 steps. The name of a run keeps it
 * apart from others on the same broker: its topics are {@code NAME-pairs}, {@code NAME-sources},
 * {@code NAME-translations} and {@code NAME-dead}, its group is {@code NAME}, and its checkpoints are in
 * {@code folder/NAME}.
 */
public record TestRuns(String bootstrapServers, Path folder) {
    private static final String JAVA_OPTIONS = "-Xmx1g";

    /** A run that trains and translates, without HTTP. */
    public TestRun run(String name) {
        return run(name, "train,translate");
    }

    /** @param roles a list separated by commas, of {@code train}, {@code translate} and {@code http} */
    public TestRun run(String name, String roles) {
        return withAllRoles(name).with("--roles", roles);
    }

    /** A run with all roles that serves HTTP at the port. */
    public TestRun runWithHttp(String name, int port) {
        return withAllRoles(name).set("http.port=" + port);
    }

    private TestRun withAllRoles(String name) {
        return new TestRun(List.of("run", "--json"), JAVA_OPTIONS, Map.of())
                .set(
                        "kafka.bootstrap-servers=" + bootstrapServers,
                        "topics.pairs=" + name + "-pairs",
                        "topics.sources=" + name + "-sources",
                        "topics.translations=" + name + "-translations",
                        "topics.dead-letters=" + name + "-dead",
                        // A slow machine is not an outage.
                        "topics.admin-timeout=1 minute",
                        "run.group=" + name,
                        "checkpoint.directory=" + folder.resolve(name),
                        "checkpoint.every-steps=3",
                        "model.image-size=" + TestRecords.IMAGE_SIZE,
                        "model.width=4",
                        "model.device=cpu",
                        "train.batch-size=4");
    }
}
