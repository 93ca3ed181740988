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
 * A picture to translate as it came over HTTP, and what was said about how.
 *
 * @param style a picture to take the style from
 * @param texts {@code samples}, {@code seed}, {@code latent}
 */
record Upload(byte[] image, Optional<byte[]> style, Map<String, String> texts) implements RequestReader.Headers {
    private static final Map<String, String> PARAMETERS = Map.of(
            RequestReader.SAMPLES_HEADER, "samples",
            RequestReader.SEED_HEADER, "seed",
            RequestReader.LATENT_HEADER, "latent");
    private static final String IMAGE = "image";
    private static final String STYLE = "style";
    private static final long PATIENCE_MILLIS = 30_000;

    /** The request is not of a form that is understood; the message is for its sender. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /** A body that is the picture itself, or a form with parts {@code image}, {@code style} and the parameters. */
    static CompletionStage<Upload> read(HttpEntity.Strict body, Map<String, String> query, ActorSystem<?> system) {
        if (!body.getContentType().mediaType().isMultipart()) {
            return CompletableFuture.completedFuture(
                    new Upload(body.getData().toArray(), Optional.empty(), known(query)));
        }
        return Unmarshaller.entityToMultipartFormData()
                .unmarshal(body, system)
                .thenCompose(form -> form.toStrict(PATIENCE_MILLIS, Materializer.matFromSystem(system)))
                // The library has exceptions of many kinds for what it cannot read.
                .exceptionally(failure -> {
                    throw new Unreadable("the body is no form that can be read (multipart/form-data, with a boundary)");
                })
                .thenApply(form -> ofForm(form, query));
    }

    private static Upload ofForm(Multipart.FormData.Strict form, Map<String, String> query) {
        Map<String, byte[]> pictures = new HashMap<>();
        Map<String, String> texts = new HashMap<>(query);
        for (Multipart.FormData.BodyPart.Strict part : form.getStrictParts()) {
            byte[] data = part.getEntity().getData().toArray();
            if (List.of(IMAGE, STYLE).contains(part.getName())) {
                pictures.put(part.getName(), data);
            } else {
                texts.put(part.getName(), new String(data, StandardCharsets.UTF_8));
            }
        }
        if (!pictures.containsKey(IMAGE)) {
            throw new Unreadable("the form has no part \"" + IMAGE + "\" with the picture to translate");
        }
        boolean drawn = Stream.of("seed", "latent")
                .anyMatch(name -> !texts.getOrDefault(name, "").isBlank());
        if (pictures.containsKey(STYLE) && drawn) {
            throw new Unreadable("a style leaves no seed and no latent to choose: send it without");
        }
        return new Upload(pictures.get(IMAGE), Optional.ofNullable(pictures.get(STYLE)), known(texts));
    }

    /** What is misspelt would be passed over in silence. */
    private static Map<String, String> known(Map<String, String> texts) {
        Set<String> unknown = new TreeSet<>(texts.keySet());
        unknown.removeAll(PARAMETERS.values());
        if (!unknown.isEmpty()) {
            throw new Unreadable("unknown parameter " + unknown.iterator().next() + "; there are "
                    + String.join(", ", new TreeSet<>(PARAMETERS.values())));
        }
        return texts;
    }

    @Override
    public Optional<String> text(String header) {
        return Optional.ofNullable(PARAMETERS.get(header)).map(texts::get).filter(text -> !text.isBlank());
    }

    /** A message about a header, in the words of this way in. */
    static String inOurWords(String message) {
        String own = message;
        for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
            own = own.replace("header " + parameter.getKey(), parameter.getValue());
        }
        return own.replace("header " + RequestReader.STYLE_HEADER, STYLE);
    }
}
