package dev.tandem.app.command;

import dev.tandem.app.broker.EmbeddedBroker;
import dev.tandem.app.demo.Demo;
import dev.tandem.app.run.GracefulShutdown;
import dev.tandem.app.run.Role;
import dev.tandem.app.run.RunPlan;
import dev.tandem.datasets.TrainingData;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.TemporaryFolder;
import dev.tandem.pipeline.PipelineListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Run everything in one process: broker, data set, training, translations, gallery.",
            "Ctrl-C ends the training early and shows the results so far. A second Ctrl-C stops immediately."
        },
        footer = {"", "Examples:", "  tandem demo", "  tandem demo --dataset facades/train --size 128 --steps 2000"})
final class DemoCommand implements Callable<Integer> {
    private static final int PREFERRED_HTTP_PORT = 8080;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--steps",
            defaultValue = "2400",
            paramLabel = "N",
            description = "Number of training steps. Default: ${DEFAULT-VALUE}.")
    private long steps;

    @Option(
            names = "--size",
            defaultValue = "64",
            paramLabel = "S",
            description = "Side of the images in pixels. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--dataset",
            defaultValue = "openmoji",
            paramLabel = "openmoji|shapes|DIR",
            description = "Training data. DIR holds A|B images. Default: ${DEFAULT-VALUE}.")
    private String dataset;

    @Option(
            names = "--skip-unusable",
            description = "Train on the valid images of DIR. Otherwise one invalid image stops the demo.")
    private boolean skipInvalid;

    @Option(
            names = "--out",
            defaultValue = "demo",
            paramLabel = "DIR",
            description = "Folder for the results. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Override
    public Integer call() {
        UsageException.requireAtLeast("--steps", steps, 1);
        ImageFiles.createFolder(out);
        CompletableFuture<Void> stopRequested = new CompletableFuture<>();
        return GracefulShutdown.during(() -> run(stopRequested), () -> stopRequested.complete(null));
    }

    private int run(CompletableFuture<Void> stopRequested) {
        try (TemporaryFolder work = TemporaryFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(work.path(), 0)) {
            List<String> defaults = defaults(broker);
            TrainingData data = TrainingData.load(dataset, skipInvalid, options.settings(defaults));
            // A demo starts with a fresh model.
            TemporaryFolder.delete(checkpoints());
            RunPlan plan = new RunPlan(
                    options.settings(defaults),
                    options.config(defaults),
                    EnumSet.allOf(Role.class),
                    OptionalLong.empty(),
                    PipelineListener.NONE);
            Map<String, Object> summary = new Demo(plan, data, steps, out, stopRequested).run();
            output.printMessage(
                    "the results are " + out.resolve("gallery.html") + " and " + out.resolve("contact-sheet.png"));
            output.printResult(summary);
            return 0;
        }
    }

    /** A narrow model, which learns colour and variety within minutes on two cores. */
    private List<String> defaults(EmbeddedBroker broker) {
        return List.of(
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "checkpoint.directory=" + checkpoints(),
                // Only the checkpoint at the end is written.
                "checkpoint.every-steps=1000000",
                "model.image-size=" + size,
                "model.width=16",
                "http.port=" + (isFree(PREFERRED_HTTP_PORT) ? PREFERRED_HTTP_PORT : 0));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private Path checkpoints() {
        return out.resolve("checkpoints");
    }
}
