package dev.tandem.app.command;

import dev.tandem.app.broker.EmbeddedBroker;
import dev.tandem.app.demo.Demo;
import dev.tandem.app.run.GracefulShutdown;
import dev.tandem.app.run.Role;
import dev.tandem.app.run.RunPlan;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Everything in one process: broker, data set, training, translations, gallery.",
        footer = {"", "Examples:", "  tandem demo", "  tandem demo --dataset facades/train --size 128 --steps 2000"})
final class DemoCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 8080;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private JsonOutput output;

    @Option(
            names = "--steps",
            defaultValue = "1200",
            paramLabel = "N",
            description = "Training steps. Default: ${DEFAULT-VALUE}.")
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
            description = "What to learn from; DIR holds A|B images. Default: ${DEFAULT-VALUE}.")
    private String dataset;

    @Option(
            names = "--out",
            defaultValue = "demo",
            paramLabel = "DIR",
            description = "Folder for the results. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Override
    public Integer call() {
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--steps is " + steps + ", but must be at least 1");
        }
        ImageFiles.createFolder(out);
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        return GracefulShutdown.during(() -> run(stopped), () -> stopped.complete(null));
    }

    private int run(CompletableFuture<Void> stopped) {
        try (TemporaryFolder work = TemporaryFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(work.path(), 0)) {
            List<String> defaults = defaults(broker);
            RunPlan plan = new RunPlan(
                    options.settings(defaults),
                    options.config(defaults),
                    EnumSet.allOf(Role.class),
                    OptionalLong.empty(),
                    PipelineListener.NONE);
            Map<String, Object> summary = new Demo(plan, dataset, steps, out, stopped).run();
            spec.commandLine()
                    .getErr()
                    .println("see " + out.resolve("gallery.html") + " and " + out.resolve("contact-sheet.png"));
            output.print(spec.commandLine().getOut(), summary);
            return 0;
        }
    }

    /** A small model that shows colour and variety within minutes on two cores; docs/reference/demo-recipe.md has the measurements. */
    private List<String> defaults(EmbeddedBroker broker) {
        boolean seedPreset =
                options.config(List.of()).getString("tandem.model.preset").equalsIgnoreCase("seed");
        return List.of(
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                // A demo starts from nothing each time; the model it ends with is kept.
                "checkpoint.directory=" + fresh(out.resolve("checkpoints")),
                "checkpoint.every-steps=1000000",
                "model.image-size=" + size,
                "model.width=16",
                // Smoother pictures than `basic` gives; the other preset has its own.
                "model.generator.upsample=" + (seedPreset ? "nearest" : "bilinear"),
                "model.discriminator.conditional=true",
                "train.batch-size=8",
                "train.split-batch=false",
                "train.learning-rate=1e-3",
                "train.ema-decay=0.99",
                "augment.load-ratio=1",
                "http.port=" + (isFree(USUAL_PORT) ? USUAL_PORT : 0));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static Path fresh(Path folder) {
        TemporaryFolder.delete(folder);
        return folder;
    }
}
