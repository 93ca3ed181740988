package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.image;
import static dev.tandem.testkit.client.HttpResponses.json;
import static dev.tandem.testkit.client.HttpResponses.problemDetail;
import static dev.tandem.testkit.stream.TestRecords.IMAGE_SIZE;
import static dev.tandem.testkit.stream.TestRecords.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.testkit.client.MultipartForm;
import dev.tandem.testkit.stream.HttpApiTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/translations}: forms of requests and responses, and invalid requests. */
class HttpTranslationsIT extends HttpApiTest {
    private static final String PATH = "/v1/translations";

    @Test
    void translations_imageAsBody_returnAPngAndEverythingNeededToRepeatIt() {
        HttpResponse<byte[]> answer = postPng(PATH + "?samples=1&seed=7", source());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(answer.headers().firstValue("tandem-seed")).hasValue("7");
        assertThat(answer.headers().firstValue("tandem-model"))
                .hasValueSatisfying(model -> assertThat(model).startsWith("checkpoint="));
        assertThat(image(answer).getWidth()).isEqualTo(IMAGE_SIZE);
        String latent = answer.headers().firstValue("tandem-latent").orElseThrow();

        HttpResponse<byte[]> repeated = postPng(PATH + "?latent=" + latent, source());

        assertThat(repeated.body()).isEqualTo(answer.body());
    }

    @Test
    void translations_form_returnsJsonOrAFormAsAccepted() throws IOException {
        MultipartForm form = new MultipartForm()
                .image("image", source())
                .text("samples", "3")
                .text("seed", "-5");

        JsonNode json = json(postForm(form, "application/json"));
        HttpResponse<byte[]> parts = postForm(form, "*/*");

        assertThat(json.path("seed").asText()).isEqualTo("-5");
        assertThat(json.path("translations")).hasSize(3);
        assertThat(json.path("translations").get(0).path("latent")).hasSize(8);
        assertThat(parts.headers().firstValue("Content-Type").orElseThrow()).startsWith("multipart/form-data");
        assertThat(new String(parts.body(), StandardCharsets.ISO_8859_1))
                .contains("tandem-sample: 3/3")
                .contains(new String(
                        json.path("translations").get(2).path("png").binaryValue(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void translations_formWithStyle_returnsOneTranslationWithoutSeed() {
        MultipartForm form = new MultipartForm().image("image", source()).image("style", source());

        JsonNode json = json(postForm(form, "application/json"));

        assertThat(json.path("translations")).hasSize(1);
        assertThat(json.has("seed")).isFalse();
    }

    @Test
    void translations_invalidRequest_returnsAProblemWithOneLine() {
        assertThat(problemDetail(postPng(PATH, "no picture".getBytes(StandardCharsets.UTF_8)), 422))
                .startsWith("NOT_AN_IMAGE: ");
        assertThat(problemDetail(postPng(PATH + "?samples=0", source()), 422))
                .isEqualTo("BAD_HEADER: samples is \"0\", but must be a number from 1 to 64");
        assertThat(problemDetail(postPng(PATH + "?sampels=2", source()), 400))
                .contains("unknown parameter sampels", "latent, samples, seed");
        assertThat(problemDetail(postForm(new MultipartForm().text("samples", "1"), "*/*"), 400))
                .contains("no part \"image\"");
        assertThat(problemDetail(postPng(PATH, new byte[66 << 20]), 413)).isNotEmpty();
        assertThat(problemDetail(http.get(PATH), 405)).isNotEmpty();
        assertThat(problemDetail(http.get("/v1/nothing"), 404)).isNotEmpty();
        assertThat(run.err()).doesNotContain("\tat ");
    }

    @Test
    void translations_invalidLatent_returnsAProblemWithTheAllowedRange() {
        for (String first : List.of("1e38", "NaN", "-Infinity", "1000.5", "x", "0,0")) {
            String latent = first + ",0,0,0,0,0,0,0";

            assertThat(problemDetail(postPng(PATH + "?latent=" + latent, source()), 422))
                    .isEqualTo("BAD_HEADER: latent is \"" + latent
                            + "\", but must be 8 comma-separated numbers from -1000 to 1000");
        }
    }

    @Test
    void translations_unreadableOrContradictoryForm_returnsBadRequest() {
        byte[] form = new MultipartForm().image("image", source()).bytes();
        MultipartForm styleAndSeed = new MultipartForm()
                .image("image", source())
                .image("style", source())
                .text("seed", "3");

        assertThat(problemDetail(http.post(PATH, "multipart/form-data", form, "*/*"), 400))
                .contains("boundary");
        assertThat(problemDetail(http.post(PATH, "multipart/mixed; boundary=x", form, "*/*"), 400))
                .contains("multipart/form-data");
        assertThat(problemDetail(postForm(styleAndSeed, "*/*"), 400)).contains("a style cannot be combined with seed");
        assertThat(run.err()).doesNotContain("HTTP request failed");
    }

    @Test
    void translations_imageOfManyBytes_isAcceptedUpToTheLimitOfImages() {
        byte[] png = PngEncoder.encode(noise(1900));
        assertThat(png).hasSizeGreaterThan(10 << 20);

        assertThat(postPng(PATH + "?samples=1", png).statusCode()).isEqualTo(200);
    }

    private static BufferedImage noise(int side) {
        BufferedImage noise = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                noise.setRGB(x, y, random.nextInt());
            }
        }
        return noise;
    }

    private HttpResponse<byte[]> postPng(String path, byte[] body) {
        return http.post(path, "image/png", body, "*/*");
    }

    private HttpResponse<byte[]> postForm(MultipartForm form, String accept) {
        return http.post(PATH, MultipartForm.CONTENT_TYPE, form.bytes(), accept);
    }
}
