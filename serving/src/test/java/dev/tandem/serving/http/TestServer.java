package dev.tandem.serving.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.PipelineFactory.Running;
import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.actors.SamplerActor.Sample;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.actors.Utilization;
import dev.tandem.config.Settings;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.TrackedPipelines;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An HTTP server on free ports. The test plays the model: it takes the requests and replies. */
final class TestServer implements AutoCloseable {
    private static final Config LOGGER = ConfigFactory.parseString("""
        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
        """);
    private static final int SIDE = 32;

    final HttpClient client = HttpClient.newHttpClient();
    final Metrics metrics = new Metrics(new Utilization());
    private final BlockingQueue<Sample> samples = new LinkedBlockingQueue<>();
    private final ActorSystem<SamplerActor.Command> system = ActorSystem.create(
            Behaviors.receive(SamplerActor.Command.class)
                    .onMessage(Sample.class, sample -> {
                        samples.add(sample);
                        return Behaviors.same();
                    })
                    .build(),
            "http-server-test",
            LOGGER.withFallback(ConfigFactory.load()));
    final HttpServer.Ports ports;

    /** @param assignments settings, {@code key=value} each */
    static TestServer start(Path checkpoints, String... assignments) {
        return new TestServer(checkpoints, assignments);
    }

    private TestServer(Path checkpoints, String... assignments) {
        String[] all = new String[assignments.length + 1];
        all[0] = "http.port=0";
        System.arraycopy(assignments, 0, all, 1, assignments.length);
        Settings settings = TestSettings.tiny(all);
        Readiness readiness = new Readiness();
        ModelClient model = new ModelClient(Duration.ofMinutes(1));
        new TrackedPipelines(
                        (actors, ref, samplerRef, description) -> new NoPipelines(), readiness, model, started -> {})
                .start(
                        system,
                        system.deadLetters(),
                        system,
                        new Description(0, 0, Offsets.NONE, 8, true, "cpu", Optional.empty()));
        HttpServer.Parts parts = new HttpServer.Parts(
                settings,
                Map.of("model.width", "4"),
                CheckpointStore.openReadOnly(checkpoints),
                model,
                readiness,
                metrics,
                new RunStatus(),
                new ProbeGallery(settings, checkpoints, model::preview, false));
        ports = HttpServer.bind(system, parts).toCompletableFuture().join();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ports.port() + path);
    }

    URI managementUri(String path) {
        return URI.create("http://127.0.0.1:" + ports.managementPort() + path);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(headers(HttpRequest.newBuilder(uri(path)), headers));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.sendAsync(request.build(), BodyHandlers.ofString()).get(1, TimeUnit.MINUTES);
    }

    static HttpRequest.Builder headers(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** The value of a metric without labels. */
    double metric(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /** The next request that reached the model. */
    Sample nextSample() throws InterruptedException {
        return Optional.ofNullable(samples.poll(1, TimeUnit.MINUTES)).orElseThrow();
    }

    /** Replies with black images. */
    static void reply(Sample sample) {
        int count = sample.requests().get(0).samples();
        sample.replyTo()
                .tell(new Sampled(List.of(new Result(
                        Tensor.of(Shape.of(count, 3, SIDE, SIDE), new float[count * 3 * SIDE * SIDE]),
                        Tensor.of(Shape.of(count, 8), new float[count * 8]),
                        "checkpoint=none step=0"))));
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private record NoPipelines() implements Running {
        @Override
        public CompletionStage<Done> finished() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Done> drain() {
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public void abort() {}
    }
}
