package dev.tandem.serving.http;

import dev.tandem.pipeline.translate.RequestReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

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
    /** More than there are names, because a browser may send empty parts. */
    private static final int MAX_PARTS = 16;

    private static final int MAX_PARAMETER_BYTES = 65_536;
    private static final int SLICE_BYTES = 65_536;
    /** The parts are in memory already. */
    private static final long PART_TIMEOUT_MILLIS = 30_000;

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
    static CompletionStage<Upload> read(
            byte[] body, ContentType type, Map<String, String> query, ActorSystem<?> system) {
        if (!type.mediaType().isMultipart()) {
            return CompletableFuture.completedFuture(new Upload(body, Optional.empty(), requireKnown(query)));
        }
        return Unmarshaller.entityToMultipartFormData()
                .unmarshal(HttpEntities.create(type, body.length, slices(ByteString.fromArrayUnsafe(body))), system)
                .thenCompose(form -> form.getParts()
                        .limit(MAX_PARTS)
                        .mapAsync(1, part -> part.toStrict(PART_TIMEOUT_MILLIS, Materializer.matFromSystem(system)))
                        .runWith(Sink.seq(), system))
                // The library reports unreadable forms with various exceptions.
                .exceptionally(failure -> {
                    throw new Malformed(
                            isTooManyParts(failure)
                                    ? "the form has more than " + MAX_PARTS + " parts"
                                    : "the form cannot be read; send multipart/form-data with a boundary");
                })
                .thenApply(parts -> ofForm(parts, query));
    }

    /** The parser parses a slice to its end before it checks the number of parts. */
    private static Source<ByteString, NotUsed> slices(ByteString body) {
        return Source.fromIterator(() -> IntStream.iterate(0, from -> from < body.size(), from -> from + SLICE_BYTES)
                .mapToObj(from -> body.slice(from, from + SLICE_BYTES))
                .iterator());
    }

    private static boolean isTooManyParts(Throwable failure) {
        return (failure instanceof CompletionException ? failure.getCause() : failure)
                instanceof StreamLimitReachedException;
    }

    private static Upload ofForm(List<Multipart.FormData.BodyPart.Strict> parts, Map<String, String> query) {
        Map<String, byte[]> images = new HashMap<>();
        Map<String, String> parameters = new HashMap<>(query);
        for (Multipart.FormData.BodyPart.Strict part : parts) {
            ByteString data = part.getEntity().getData();
            if (List.of(IMAGE, STYLE).contains(part.getName())) {
                images.put(part.getName(), data.toArray());
            } else {
                parameters.put(part.getName(), parameter(part.getName(), data));
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

    private static String parameter(String name, ByteString data) {
        if (data.size() > MAX_PARAMETER_BYTES) {
            throw new Malformed("the part " + name + " has " + data.size() + " bytes, but a parameter may have "
                    + MAX_PARAMETER_BYTES);
        }
        return data.utf8String();
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
