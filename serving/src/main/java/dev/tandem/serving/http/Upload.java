package dev.tandem.serving.http;

import dev.tandem.pipeline.translate.RequestReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.Materializer;

/**
 * An HTTP request for translations: an encoded image with parameters.
 *
 * <p>The body is either the image, with the parameters in the query, or a form ({@code multipart/form-data}) with the
 * parts {@code image}, {@code style} and the parameters.
 *
 * @param style encoded image of the B side that gives the style
 * @param parameters values of {@code samples}, {@code seed} and {@code latent} by name
 */
record Upload(byte[] image, Optional<byte[]> style, Map<String, String> parameters) implements RequestReader.Headers {
    /** The names of the parameters by the names of the Kafka headers with the same meaning. */
    private static final Map<String, String> PARAMETER_OF_HEADER = Map.of(
            RequestReader.SAMPLES_HEADER, "samples",
            RequestReader.SEED_HEADER, "seed",
            RequestReader.LATENT_HEADER, "latent");

    private static final String IMAGE = "image";
    private static final String STYLE = "style";
    private static final long FORM_TIMEOUT_MILLIS = 30_000;

    /** The request is malformed. The message is for the client. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Reads a request.
     *
     * @return fails with {@link Malformed} for a form that cannot be read, or a missing, unknown or conflicting parameter
     */
    static CompletionStage<Upload> read(HttpEntity.Strict body, Map<String, String> query, ActorSystem<?> system) {
        if (!body.getContentType().mediaType().isMultipart()) {
            return CompletableFuture.completedFuture(
                    new Upload(body.getData().toArray(), Optional.empty(), requireKnown(query)));
        }
        return Unmarshaller.entityToMultipartFormData()
                .unmarshal(body, system)
                .thenCompose(form -> form.toStrict(FORM_TIMEOUT_MILLIS, Materializer.matFromSystem(system)))
                // The library reports unreadable forms with various exceptions.
                .exceptionally(failure -> {
                    throw new Malformed("the form cannot be read; send multipart/form-data with a boundary");
                })
                .thenApply(form -> ofForm(form, query));
    }

    private static Upload ofForm(Multipart.FormData.Strict form, Map<String, String> query) {
        Map<String, byte[]> images = new HashMap<>();
        Map<String, String> parameters = new HashMap<>(query);
        for (Multipart.FormData.BodyPart.Strict part : form.getStrictParts()) {
            byte[] data = part.getEntity().getData().toArray();
            if (List.of(IMAGE, STYLE).contains(part.getName())) {
                images.put(part.getName(), data);
            } else {
                parameters.put(part.getName(), new String(data, StandardCharsets.UTF_8));
            }
        }
        if (!images.containsKey(IMAGE)) {
            throw new Malformed("the form has no part \"" + IMAGE + "\"; send the image to translate in it");
        }
        boolean selectsLatent = Stream.of("seed", "latent")
                .anyMatch(name -> !parameters.getOrDefault(name, "").isBlank());
        if (images.containsKey(STYLE) && selectsLatent) {
            throw new Malformed("a style cannot be combined with seed or latent; send one of them");
        }
        return new Upload(images.get(IMAGE), Optional.ofNullable(images.get(STYLE)), requireKnown(parameters));
    }

    /** Rejects unknown parameters, because a misspelt one would have no effect. */
    private static Map<String, String> requireKnown(Map<String, String> parameters) {
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(PARAMETER_OF_HEADER.values());
        if (!unknown.isEmpty()) {
            throw new Malformed("unknown parameter " + unknown.iterator().next() + "; allowed are "
                    + String.join(", ", new TreeSet<>(PARAMETER_OF_HEADER.values())));
        }
        return parameters;
    }

    @Override
    public Optional<String> text(String header) {
        return Optional.ofNullable(PARAMETER_OF_HEADER.get(header))
                .map(parameters::get)
                .filter(text -> !text.isBlank());
    }

    /** Replaces the names of Kafka headers in an error message by the names of the HTTP parameters. */
    static String withParameterNames(String message) {
        String replaced = message;
        for (Map.Entry<String, String> parameter : PARAMETER_OF_HEADER.entrySet()) {
            replaced = replaced.replace("header " + parameter.getKey(), parameter.getValue());
        }
        return replaced.replace("header " + RequestReader.STYLE_HEADER, STYLE);
    }
}
