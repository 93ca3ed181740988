package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.images.encode.TranslationMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.model.Multiparts;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The translations of one request as an HTTP response, with what reproduces them: model, seed and latent.
 *
 * <p>The headers of PNGs are those of the Kafka records.
 *
 * @param model checkpoint and step of the weights
 * @param seed seed of random latents, in decimal, because JavaScript numbers cannot hold 64 bits; empty if the latents
 *     are not random
 */
record TranslationResponse(String model, String seed, List<Sample> samples) {
    private static final ContentType PNG = ContentTypes.create(MediaTypes.IMAGE_PNG);

    /** One translation. */
    record Sample(TranslationMetadata metadata, byte[] png) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Body(
            @JsonProperty("model") String model,
            @JsonProperty("seed") String seed,
            @JsonProperty("translations") List<Translation> translations) {}

    /** @param png written as Base64 */
    private record Translation(
            @JsonProperty("sample") int sample,
            @JsonProperty("latent") float[] latent,
            @JsonProperty("png") byte[] png) {}

    static TranslationResponse of(Result result, OptionalLong seed) {
        int count = result.b().shape().batch();
        return new TranslationResponse(
                result.model(),
                seed.isPresent() ? Long.toString(seed.getAsLong()) : "",
                IntStream.range(0, count)
                        .mapToObj(i -> new Sample(
                                new TranslationMetadata(
                                        result.model(), i + 1, count, result.z().rows(i, i + 1), seed),
                                PngEncoder.encode(Images.image(result.b().rows(i, i + 1)))))
                        .toList());
    }

    /**
     * The response in the form that the client accepts: JSON; otherwise one PNG, or a form with one PNG per sample.
     *
     * @param accept header {@code Accept} of the request
     */
    HttpResponse response(String accept) {
        if (accept.contains("application/json")) {
            return Json.response(new Body(
                    model,
                    seed,
                    samples.stream()
                            .map(sample -> new Translation(
                                    sample.metadata().sample(),
                                    sample.metadata().z().data(),
                                    sample.png()))
                            .toList()));
        }
        return samples.size() == 1 && !accept.contains("multipart/") ? png(samples.get(0)) : form();
    }

    private HttpResponse png(Sample sample) {
        return HttpResponse.create().addHeaders(headers(sample)).withEntity(HttpEntities.create(PNG, sample.png()));
    }

    private HttpResponse form() {
        Multipart.FormData.BodyPart.Strict[] parts = samples.stream()
                .map(sample -> Multiparts.createFormDataBodyPartStrict(
                        Integer.toString(sample.metadata().sample()),
                        HttpEntities.create(PNG, sample.png()),
                        Map.of("filename", sample.metadata().sample() + ".png"),
                        headers(sample)))
                .toArray(Multipart.FormData.BodyPart.Strict[]::new);
        return HttpResponse.create()
                .withEntity(Multiparts.createStrictFormDataFromParts(parts).toEntity());
    }

    private static List<HttpHeader> headers(Sample sample) {
        List<HttpHeader> headers = new ArrayList<>();
        sample.metadata().texts().forEach((name, text) -> headers.add(RawHeader.create(name, text)));
        return headers;
    }
}
