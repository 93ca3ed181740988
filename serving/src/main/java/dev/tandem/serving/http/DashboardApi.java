package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.train.StepLosses;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.dashboard.LossHistory.Cursor;
import dev.tandem.serving.dashboard.LossHistory.Update;
import dev.tandem.serving.dashboard.LossPoint;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RecentDeadLetters;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code /v1/events}, {@code /v1/dead-letters}, {@code /v1/probes}: what the dashboard shows.
 *
 * <p>Events come once a second as long as somebody listens: {@code history} first, with the losses so far, then
 * {@code status}, with how the run goes and the losses since.
 */
final class DashboardApi extends AllDirectives {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String HISTORY = "history";
    private static final String STATUS = "status";

    private final RunStatus pulse;
    private final ProbeGallery probes;
    private final Metrics metrics;
    private final Readiness readiness;
    private final ModelClient model;
    private final Executor blocking;

    /** The losses as rows of numbers, under the names in {@code columns}. */
    private record HistoryView(
            @JsonProperty("columns") List<String> columns,
            @JsonProperty("points") List<List<Number>> points) {}

    private record StatusView(
            @JsonProperty("ready") boolean ready,
            @JsonProperty("missing") String missing,
            @JsonProperty("pairs") long pairs,
            @JsonProperty("pairsPerSecond") double pairsPerSecond,
            @JsonProperty("translations") long translations,
            @JsonProperty("deadLetters") long deadLetters,
            @JsonProperty("lag") Map<String, Long> lag,
            @JsonProperty("queue") long queue,
            @JsonProperty("idle") double idle,
            @JsonProperty("offHeapBytes") long offHeapBytes,
            @JsonProperty("heapBytes") long heapBytes,
            @JsonProperty("alarms") List<String> alarms,
            @JsonProperty("probe") long probe,
            @JsonProperty("checkpoints") long checkpoints,
            @JsonProperty("serving") String serving,
            @JsonProperty("points") List<List<Number>> points) {}

    private record LetterView(
            @JsonProperty("number") long number,
            @JsonProperty("at") String at,
            @JsonProperty("reason") String reason,
            @JsonProperty("origin") String origin,
            @JsonProperty("error") String error) {}

    private record LettersView(
            @JsonProperty("count") long count,
            @JsonProperty("newest") List<LetterView> newest) {}

    private record ProbesView(
            @JsonProperty("inputs") int inputs,
            @JsonProperty("samples") int samples,
            @JsonProperty("steps") SortedSet<Long> steps) {}

    DashboardApi(
            ActorSystem<?> system,
            RunStatus pulse,
            ProbeGallery probes,
            Metrics metrics,
            Readiness readiness,
            ModelClient model) {
        this.pulse = pulse;
        this.probes = probes;
        this.metrics = metrics;
        this.readiness = readiness;
        this.model = model;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Each with its own method, or a wrong one would be no path instead. */
    Route routes() {
        return concat(
                path("events", () -> get(() -> completeOK(events(), EventStreamMarshalling.toEventStream()))),
                path("dead-letters", () -> get(() -> complete(Json.response(letters())))),
                path("probes", () -> get(() -> completeWithFuture(later(this::probes)))),
                path(
                        PathMatchers.segment("probes").slash(PathMatchers.longSegment()),
                        step -> get(() -> completeWithFuture(later(() -> sheet(step))))));
    }

    private HttpResponse probes() {
        return Json.response(new ProbesView(probes.inputs(), probes.samples(), probes.steps()));
    }

    private CompletableFuture<HttpResponse> later(Supplier<HttpResponse> answer) {
        return CompletableFuture.supplyAsync(answer, blocking);
    }

    private HttpResponse sheet(long step) {
        return probes.sheet(step)
                .map(png -> HttpResponse.create()
                        .withEntity(HttpEntities.create(ContentTypes.create(MediaTypes.IMAGE_PNG), png)))
                .orElseGet(() -> Problem.notFound("there is no probe of step " + step + "; GET /v1/probes has those"));
    }

    private Source<ServerSentEvent, NotUsed> events() {
        return Source.tick(Duration.ZERO, PERIOD, STATUS)
                .statefulMap(
                        () -> Cursor.NOTHING,
                        (cursor, tick) -> {
                            Update update = pulse.history().since(cursor);
                            return Pair.create(update.cursor(), events(update));
                        },
                        cursor -> Optional.empty())
                .mapConcat(events -> events)
                .mapMaterializedValue(control -> NotUsed.getInstance());
    }

    private List<ServerSentEvent> events(Update update) {
        List<List<Number>> rows = rows(update.points());
        return update.isComplete()
                ? List.of(event(HISTORY, new HistoryView(columns(), rows)), event(STATUS, status(List.of())))
                : List.of(event(STATUS, status(rows)));
    }

    private static ServerSentEvent event(String type, Object data) {
        return ServerSentEvent.create(Json.text(data), type);
    }

    private StatusView status(List<List<Number>> points) {
        Optional<String> missing = readiness.missing();
        return new StatusView(
                missing.isEmpty(),
                missing.orElse(""),
                pulse.pairs(),
                pulse.pairsPerSecond(),
                pulse.translations(),
                pulse.deadLetters().count(),
                pulse.lag(),
                metrics.queue(),
                metrics.idle(),
                metrics.offHeapBytes(),
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(),
                pulse.alarms().stream().map(DashboardApi::text).sorted().toList(),
                probes.newest(),
                pulse.checkpoints(),
                model.serving().orElse("live"),
                points);
    }

    private LettersView letters() {
        return new LettersView(
                pulse.deadLetters().count(),
                pulse.deadLetters().newest().stream().map(DashboardApi::view).toList());
    }

    private static LetterView view(RecentDeadLetters.Entry entry) {
        return new LetterView(
                entry.number(),
                entry.at().toString(),
                entry.letter().reason().name(),
                entry.letter().origin(),
                entry.letter().error());
    }

    private static String text(Alarm alarm) {
        return alarm.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> columns() {
        return List.of("step", "pairs", "gan", "ganLr", "l1", "kl", "latent", "dVae", "dLr", "diversity");
    }

    private static List<List<Number>> rows(List<LossPoint> points) {
        return points.stream().map(DashboardApi::row).toList();
    }

    /** In the order of the columns; a diversity that is not known is -1. */
    private static List<Number> row(LossPoint point) {
        StepLosses losses = point.losses();
        return List.of(
                point.step(),
                point.pairs(),
                rounded(losses.gan()),
                rounded(losses.ganLr()),
                rounded(losses.l1()),
                rounded(losses.kl()),
                rounded(losses.latent()),
                rounded(losses.dVae()),
                rounded(losses.dLr()),
                rounded(point.diversity().orElse(-1)));
    }

    private static float rounded(double value) {
        return (float) value;
    }
}
