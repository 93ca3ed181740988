package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.app.run.Application;
import dev.tandem.app.run.GracefulShutdown;
import dev.tandem.app.run.Role;
import dev.tandem.app.run.RunCounts;
import dev.tandem.app.run.RunLogger;
import dev.tandem.app.run.RunPlan;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.PipelineListener;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = {
            "Train on the topic of pairs and translate the topic of sources, with any Kafka broker.",
            "Ctrl-C finishes the current step and writes a checkpoint. The next run resumes from that checkpoint. A"
                    + " second Ctrl-C stops immediately."
        },
        footer = {
            "",
            "Example:",
            "  tandem run --set kafka.bootstrap-servers=broker:9092 \\",
            "    --set model.image-size=128"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            defaultValue = "train,translate,http",
            description = "Tasks of this process: train, translate, http. Default: ${DEFAULT-VALUE}.")
    private Set<Role> roles = EnumSet.allOf(Role.class);

    @Option(
            names = "--stop-after-pairs",
            paramLabel = "N",
            description = "Stop when the model is trained on N pairs in total, including those before a resume.")
    private Optional<Long> stopAfterPairs = Optional.empty();

    @Override
    public Integer call() {
        Config config = options.configOfRun();
        Settings settings = SettingsLoader.settings(config);
        RunCounts counts = new RunCounts();
        RunPlan plan = new RunPlan(
                settings,
                config,
                roles,
                stopAfterPairs.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                PipelineListener.of(counts, new RunLogger(settings.health())));
        CompletableFuture<Application> started = new CompletableFuture<>();
        return GracefulShutdown.during(
                () -> {
                    Application application = Application.start(plan);
                    started.complete(application);
                    output.printResult(result(application.awaitEnd(), counts));
                    return 0;
                },
                () -> started.thenAccept(Application::stop));
    }

    private static Map<String, Object> result(Saved saved, RunCounts counts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("pairsTrained", saved.pairs());
        result.put("steps", saved.step());
        result.put("checkpoint", saved.folder().toString());
        result.put("translations", counts.translations());
        result.put("deadLetters", counts.deadLetters());
        return result;
    }
}
