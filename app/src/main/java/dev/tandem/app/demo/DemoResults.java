package dev.tandem.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.app.demo.DemoData.HeldOut;
import dev.tandem.app.io.ImageFiles;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.decode.ImageDecoder;
import dev.tandem.pipeline.decode.Pictures;
import dev.tandem.pipeline.decode.UnusableRecord;
import dev.tandem.pipeline.encode.PngEncoder;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes what the demo leaves behind: pictures, contact sheet, page and summary. */
final class DemoResults {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String PICTURES = "translations";

    private final Path out;
    private final Settings settings;
    private final DemoData data;
    private final int samples;

    DemoResults(Path out, Settings settings, DemoData data, int samples) {
        this.out = out;
        this.settings = settings;
        this.data = data;
        this.samples = samples;
    }

    void write(Map<String, List<byte[]>> translations, Map<String, Object> summary, String facts) {
        ImageFiles.folder(out.resolve(PICTURES));
        Map<String, Gallery.Files> files = new LinkedHashMap<>();
        List<List<BufferedImage>> rows = new ArrayList<>();
        for (HeldOut source : data.heldOut()) {
            List<byte[]> pngs = translations.getOrDefault(source.name(), List.of());
            if (pngs.size() == samples) {
                files.put(source.name(), writePictures(source, pngs));
                rows.add(row(source, pngs));
            }
        }
        if (!rows.isEmpty()) {
            write("contact-sheet.png", PngEncoder.encode(ContactSheet.draw(headings(), rows)));
        }
        write("gallery.html", Gallery.page(data, facts, files).getBytes(StandardCharsets.UTF_8));
        write("summary.json", json(summary));
    }

    private Gallery.Files writePictures(HeldOut source, List<byte[]> pngs) {
        String name = PICTURES + "/" + ImageFiles.safeName(source.name());
        write(name + "-input.png", PngEncoder.encode(atModelSize(source.a())));
        write(name + "-truth.png", PngEncoder.encode(atModelSize(source.truth())));
        List<String> samplesOfSource = new ArrayList<>();
        for (int i = 0; i < pngs.size(); i++) {
            String file = name + "-" + (i + 1) + ".png";
            write(file, pngs.get(i));
            samplesOfSource.add(file);
        }
        return new Gallery.Files(name + "-input.png", name + "-truth.png", samplesOfSource);
    }

    private List<BufferedImage> row(HeldOut source, List<byte[]> pngs) {
        ImageDecoder decoder = new ImageDecoder(settings.images());
        List<BufferedImage> row = new ArrayList<>(List.of(atModelSize(source.a()), atModelSize(source.truth())));
        for (byte[] png : pngs) {
            try {
                row.add(decoder.decode(png));
            } catch (UnusableRecord e) {
                throw new IllegalStateException("a translation is no image", e);
            }
        }
        return row;
    }

    private List<String> headings() {
        return Stream.concat(
                        Stream.of("input", "truth"),
                        IntStream.rangeClosed(1, samples).mapToObj(i -> "sample " + i))
                .toList();
    }

    private BufferedImage atModelSize(BufferedImage picture) {
        return Pictures.resized(
                picture,
                settings.model().imageSize().width(),
                settings.model().imageSize().height());
    }

    private void write(String file, byte[] bytes) {
        ImageFiles.write(out.resolve(file), bytes);
    }

    private static byte[] json(Map<String, Object> summary) {
        try {
            return JSON.writeValueAsBytes(summary);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
