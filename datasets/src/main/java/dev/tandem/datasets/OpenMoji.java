package dev.tandem.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.datasets.Dataset.Example;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Emoji of OpenMoji: A is the black strokes alone, B the whole picture. Hundreds of outlines come in six colourings
 * (five skin tones and yellow), so one A has several true Bs.
 */
public final class OpenMoji {
    private static final String ICONS = "/META-INF/resources/webjars/iconify__json/2.2.378/json/openmoji.json";
    private static final String SKIN_TONE = "(-(light|medium-light|medium|medium-dark|dark)-skin-tone)+$";
    private static final String ATTRIBUTION =
            "Emoji by OpenMoji, the open-source emoji and icon project (openmoji.org). License: CC BY-SA 4.0";

    /** Side at which outlines are compared, pixels; the size of most measurements. */
    private static final int LOOK = 64;

    private OpenMoji() {}

    public static Dataset load() {
        Map<String, String> bodies = bodies();
        Map<String, String> outlines = new TreeMap<>();
        bodies.forEach((name, body) -> outlines.put(name, SvgOutline.of(body)));
        Map<String, String> groups = groups(outlines);
        List<Example> examples = new ArrayList<>();
        bodies.forEach((name, body) -> examples.add(
                new Example(name, groups.get(name), Map.of(), side -> joined(outlines.get(name), body, side))));
        return new Dataset("openmoji", ATTRIBUTION, List.copyOf(examples));
    }

    private static Map<String, String> bodies() {
        try (InputStream in = OpenMoji.class.getResourceAsStream(ICONS)) {
            if (in == null) {
                throw new IllegalStateException("the jar of iconify__json is not on the class path");
            }
            JsonNode icons = new ObjectMapper().readTree(in).path("icons");
            Map<String, String> bodies = new TreeMap<>();
            icons.properties()
                    .forEach(icon -> bodies.put(
                            icon.getKey(), icon.getValue().path("body").asText()));
            return bodies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Joins what differs in skin tone only and what looks the same as an outline (all flags, for instance). */
    private static Map<String, String> groups(Map<String, String> outlines) {
        Map<String, IntBuffer> looks = outlines.entrySet().parallelStream()
                .collect(Collectors.toMap(Map.Entry::getKey, outline -> look(outline.getValue())));
        Map<String, String> groupOfBase = new HashMap<>();
        Map<IntBuffer, String> baseOfLook = new HashMap<>();
        outlines.keySet().forEach(name -> {
            String base = name.replaceAll(SKIN_TONE, "");
            String first = root(groupOfBase, base);
            String second = root(groupOfBase, baseOfLook.computeIfAbsent(looks.get(name), look -> base));
            if (!first.equals(second)) {
                groupOfBase.put(first, second);
            }
        });
        Map<String, String> groups = new HashMap<>();
        outlines.keySet().forEach(name -> groups.put(name, root(groupOfBase, name.replaceAll(SKIN_TONE, ""))));
        return groups;
    }

    /** Outlines that are written differently can be drawn alike. */
    private static IntBuffer look(String outline) {
        BufferedImage drawn = Svg.canvas(LOOK, LOOK);
        Svg.draw(outline, drawn, 0, LOOK);
        return IntBuffer.wrap(drawn.getRGB(0, 0, LOOK, LOOK, null, 0, LOOK));
    }

    private static String root(Map<String, String> parents, String base) {
        String root = base;
        while (parents.containsKey(root)) {
            root = parents.get(root);
        }
        return root;
    }

    private static BufferedImage joined(String outline, String body, int side) {
        BufferedImage joined = Svg.canvas(2 * side, side);
        Svg.draw(outline, joined, 0, side);
        Svg.draw(body, joined, side, side);
        return joined;
    }
}
