package dev.tandem.testkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The body of a request of type {@code multipart/form-data}. */
public final class MultipartForm {
    public static final String CONTENT_TYPE = "multipart/form-data; boundary=part-of-a-test";
    private static final String BOUNDARY = "--part-of-a-test";

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    public MultipartForm image(String name, byte[] png) {
        write(BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name
                + "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n");
        parts.writeBytes(png);
        write("\r\n");
        return this;
    }

    public MultipartForm text(String name, String value) {
        write(BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
        return this;
    }

    /** The form with its closing boundary. */
    public byte[] bytes() {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(parts.toByteArray());
        form.writeBytes((BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private void write(String text) {
        parts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
