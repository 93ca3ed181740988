package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.serving.ModelClient;
import java.util.Locale;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /v1/model}: describes the model. */
final class ModelApi extends AllDirectives {
    private final Settings settings;
    private final long maxBodyBytes;
    private final ModelClient model;

    private record ModelView(
            @JsonProperty("preset") String preset,
            @JsonProperty("width") int width,
            @JsonProperty("height") int height,
            @JsonProperty("inputChannels") int inputChannels,
            @JsonProperty("outputChannels") int outputChannels,
            @JsonProperty("latent") int latent,
            @JsonProperty("takesStyles") boolean takesStyles,
            @JsonProperty("maxSamples") int maxSamples,
            @JsonProperty("maxBodyBytes") long maxBodyBytes,
            @JsonProperty("step") long step,
            @JsonProperty("pairs") long pairs,
            @JsonProperty("device") String device,
            @JsonProperty("serving") String serving) {}

    /** @param maxBodyBytes size of the largest body of a translation request */
    ModelApi(Settings settings, long maxBodyBytes, ModelClient model) {
        this.settings = settings;
        this.maxBodyBytes = maxBodyBytes;
        this.model = model;
    }

    Route routes() {
        return path(
                "model",
                () -> get(() ->
                        completeWithFuture(Json.asyncResponse(model.describe().thenApply(this::view)))));
    }

    private ModelView view(Description description) {
        ModelSettings shape = settings.model();
        return new ModelView(
                shape.preset().name().toLowerCase(Locale.ROOT),
                shape.imageSize().width(),
                shape.imageSize().height(),
                shape.inputChannels(),
                shape.outputChannels(),
                description.latent(),
                description.hasEncoder(),
                settings.translate().maxSamples(),
                maxBodyBytes,
                description.step(),
                description.pairs(),
                description.device(),
                ServingApi.name(description.serving()));
    }
}
