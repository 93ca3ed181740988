package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.PipelineFactory.Running;
import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Sample;
import dev.tandem.actors.Utilization;
import dev.tandem.config.Settings;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.TrackedPipelines;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerTest {
    private static final Config DISPATCHER = ConfigFactory.parseString(
            "tandem-http-decode-dispatcher { type = Dispatcher, executor = thread-pool-executor }");
    private static final byte[] IMAGE = PngEncoder.encode(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB));

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<Sample> samples = new LinkedBlockingQueue<>();
    private final Metrics metrics = new Metrics(new Utilization());
    private final ActorSystem<SamplerActor.Command> sampler = ActorSystem.create(
            Behaviors.receive(SamplerActor.Command.class)
                    .onMessage(Sample.class, sample -> {
                        samples.add(sample);
                        return Behaviors.same();
                    })
                    .build(),
            "http-server-test",
            DISPATCHER.withFallback(ConfigFactory.load()));

    @TempDir
    private Path checkpoints;

    private URI translations;

    @BeforeEach
    void bind() {
        Settings settings = TestSettings.tiny("http.port=0", "http.max-requests=1");
        Readiness readiness = new Readiness();
        ModelClient model = new ModelClient(Duration.ofMinutes(1));
        new TrackedPipelines(
                        (system, ref, samplerRef, description) -> new NoPipelines(), readiness, model, started -> {})
                .start(
                        sampler,
                        sampler.deadLetters(),
                        sampler,
                        new Description(0, 0, Offsets.NONE, 8, true, "cpu", Optional.empty()));
        HttpServer.Parts parts = new HttpServer.Parts(
                settings,
                Map.of(),
                CheckpointStore.openReadOnly(checkpoints),
                model,
                readiness,
                metrics,
                new RunStatus(),
                new ProbeGallery(settings, checkpoints, model::preview, false));
        int port = HttpServer.bind(sampler, parts).toCompletableFuture().join().getPort();
        translations = URI.create("http://127.0.0.1:" + port + "/v1/translations");
    }

    @AfterEach
    void terminate() {
        sampler.terminate();
        sampler.getWhenTerminated().toCompletableFuture().join();
    }

    @Test
    void translations_maxRequestsInProgress_refusesFurtherOnesUntilOneEnds() throws Exception {
        CompletableFuture<HttpResponse<String>> first = translate();
        Sample inProgress = nextSample();

        HttpResponse<String> refused = translate().get(1, TimeUnit.MINUTES);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("http.max-requests");
        assertThat(metrics.text()).contains("tandem_http_refused_total 1.0");

        inProgress.replyTo().tell(new Failed("the latent has the wrong length", true));
        assertThat(first.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(422);
        CompletableFuture<HttpResponse<String>> next = translate();
        nextSample().replyTo().tell(new Failed("the model did not answer", false));
        assertThat(next.get(1, TimeUnit.MINUTES).body()).contains("the model did not answer");
    }

    private CompletableFuture<HttpResponse<String>> translate() {
        HttpRequest request = HttpRequest.newBuilder(translations)
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(IMAGE))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private Sample nextSample() throws InterruptedException {
        return Optional.ofNullable(samples.poll(1, TimeUnit.MINUTES)).orElseThrow();
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
