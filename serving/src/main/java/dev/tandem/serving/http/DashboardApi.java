package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RecentDeadLetters;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /v1/events}, {@code /v1/dead-letters} and {@code /v1/probes}: the data of the dashboard. */
final class DashboardApi extends AllDirectives {
    private final RunEvents events;
    private final EventStreams streams;
    private final RecentDeadLetters deadLetters;
    private final ProbeGallery probes;
    private final Executor blocking;

    private record DeadLetterView(
            @JsonProperty("number") long number,
            @JsonProperty("at") String at,
            @JsonProperty("reason") String reason,
            @JsonProperty("origin") String origin,
            @JsonProperty("error") String error) {}

    private record DeadLettersView(
            @JsonProperty("count") long count,
            @JsonProperty("newest") List<DeadLetterView> newest) {}

    private record ProbesView(
            @JsonProperty("inputs") int inputs,
            @JsonProperty("samples") int samples,
            @JsonProperty("steps") SortedSet<Long> steps) {}

    DashboardApi(ActorSystem<?> system, RunEvents events, EventStreams streams) {
        this.events = events;
        this.streams = streams;
        this.deadLetters = events.runStatus().deadLetters();
        this.probes = events.probes();
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Checks the method inside each path, so that a wrong method gets 405 and not 404. */
    Route routes() {
        return concat(
                path("events", () -> get(this::events)),
                path("dead-letters", () -> get(() -> complete(deadLetters()))),
                path("probes", () -> get(() -> completeWithFuture(blocking(this::probes)))),
                path(
                        PathMatchers.segment("probes").slash(PathMatchers.longSegment()),
                        step -> get(() -> completeWithFuture(blocking(() -> sheet(step))))));
    }

    private Route events() {
        return streams.isFull()
                ? complete(Problem.unavailable(
                        streams.max() + " clients (http.max-event-streams) receive events; close another dashboard"))
                : completeOK(streams.limited(events.source()), EventStreamMarshalling.toEventStream());
    }

    private CompletableFuture<HttpResponse> blocking(Supplier<HttpResponse> response) {
        return CompletableFuture.supplyAsync(response, blocking);
    }

    private HttpResponse deadLetters() {
        return Json.response(new DeadLettersView(
                deadLetters.count(),
                deadLetters.newest().stream().map(DashboardApi::view).toList()));
    }

    private static DeadLetterView view(RecentDeadLetters.Entry entry) {
        return new DeadLetterView(
                entry.number(),
                entry.at().toString(),
                entry.deadLetter().reason().name(),
                entry.deadLetter().origin(),
                entry.deadLetter().error());
    }

    private HttpResponse probes() {
        return Json.response(new ProbesView(probes.inputs(), probes.samples(), probes.steps()));
    }

    private HttpResponse sheet(long step) {
        return probes.sheet(step)
                .map(png -> HttpResponse.create()
                        .withEntity(HttpEntities.create(ContentTypes.create(MediaTypes.IMAGE_PNG), png)))
                .orElseGet(() ->
                        Problem.notFound("there is no probe of step " + step + "; GET /v1/probes lists the steps"));
    }
}
