package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.train.StepLosses;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.dashboard.LossHistory.Cursor;
import dev.tandem.serving.dashboard.LossHistory.Update;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import dev.tandem.serving.steplog.LossPoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The server-sent events of {@code /v1/events}.
 *
 * <p>{@code history} contains the losses of the whole run. It comes first, and again after the model has returned to a
 * checkpoint. {@code status} follows every second, with the status of the run and the losses since the last event.
 */
record RunEvents(RunStatus runStatus, ProbeGallery probes, Metrics metrics, Readiness readiness, ModelClient model) {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final String HISTORY = "history";
    private static final String STATUS = "status";
    private static final List<String> COLUMNS =
            List.of("step", "pairs", "gan", "ganLr", "l1", "kl", "latent", "dVae", "dLr", "diversity", "heldOutL1");
    private static final double UNKNOWN = -1;

    /** @param points rows of numbers, in the order of {@code columns} */
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
            @JsonProperty("deviceMemory") Map<String, Long> deviceMemory,
            @JsonProperty("heapBytes") long heapBytes,
            @JsonProperty("alarms") List<String> alarms,
            @JsonProperty("probe") long probe,
            @JsonProperty("checkpoints") long checkpoints,
            @JsonProperty("serving") String serving,
            @JsonProperty("points") List<List<Number>> points) {}

    /** An endless stream of events for one client. */
    Source<ServerSentEvent, NotUsed> source() {
        return Source.tick(Duration.ZERO, INTERVAL, STATUS)
                .statefulMap(
                        () -> Cursor.START,
                        (cursor, tick) -> {
                            Update update = runStatus.history().since(cursor);
                            return Pair.create(update.cursor(), events(update));
                        },
                        cursor -> Optional.empty())
                .mapConcat(events -> events)
                .mapMaterializedValue(cancellable -> NotUsed.getInstance());
    }

    private List<ServerSentEvent> events(Update update) {
        List<List<Number>> rows = update.points().stream().map(RunEvents::row).toList();
        return update.isSnapshot()
                ? List.of(event(HISTORY, new HistoryView(COLUMNS, rows)), event(STATUS, status(List.of())))
                : List.of(event(STATUS, status(rows)));
    }

    private static ServerSentEvent event(String type, Object data) {
        return ServerSentEvent.create(Json.text(data), type);
    }

    private StatusView status(List<List<Number>> points) {
        Optional<String> missing = readiness.missing();
        DeviceMemory memory = metrics.memory();
        return new StatusView(
                missing.isEmpty(),
                missing.orElse(""),
                runStatus.pairs(),
                runStatus.pairsPerSecond(),
                runStatus.translations(),
                runStatus.deadLetters().count(),
                runStatus.lag(),
                metrics.queuedPairs(),
                metrics.idle(),
                memory.used(),
                view(memory),
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(),
                runStatus.alarms().stream().map(RunEvents::text).sorted().toList(),
                probes.newestStep(),
                runStatus.checkpoints(),
                ServingApi.name(model.servingCheckpoint()),
                points);
    }

    /** Without a limit if that is unknown. */
    private static Map<String, Long> view(DeviceMemory memory) {
        Map<String, Long> view = new HashMap<>(Map.of("used", memory.used(), "reserved", memory.reserved()));
        memory.limit().ifPresent(bytes -> view.put("limit", bytes));
        return view;
    }

    private static String text(Alarm alarm) {
        return alarm.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

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
                rounded(point.diversity().orElse(UNKNOWN)),
                rounded(point.heldOutL1().orElse(UNKNOWN)));
    }

    /** As a float, whose JSON is shorter. */
    private static float rounded(double value) {
        return (float) value;
    }
}
