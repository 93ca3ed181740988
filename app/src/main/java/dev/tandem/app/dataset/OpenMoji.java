package dev.tandem.app.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.dataset.Dataset.Example;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Emoji of OpenMoji: A is the black strokes alone, B the whole picture. Hundreds of outlines come in six colourings
 * (five skin tones and yellow), so one A has several true Bs.
 */
public final class OpenMoji {
    private static final String ICONS = "/META-INF/resources/webjars/iconify__json/2.2.378/json/openmoji.json";
    private static final String SKIN_TONE = "(-(light|medium-light|medium|medium-dark|dark)-skin-tone)+$";
    private static final String ATTRIBUTION =
            "Emoji by OpenMoji, the open-source emoji and icon project (openmoji.org). License: CC BY-SA 4.0";

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

    /** Joins what differs in skin tone only and what has the very same outline (all flags, for instance). */
    private static Map<String, String> groups(Map<String, String> outlines) {
        Map<String, String> groupOfBase = new HashMap<>();
        Map<String, String> baseOfOutline = new HashMap<>();
        outlines.forEach((name, outline) -> {
            String base = name.replaceAll(SKIN_TONE, "");
            String sameOutline = baseOfOutline.computeIfAbsent(outline, first -> base);
            String first = root(groupOfBase, base);
            String second = root(groupOfBase, sameOutline);
            if (!first.equals(second)) {
                groupOfBase.put(first, second);
            }
        });
        Map<String, String> groups = new HashMap<>();
        outlines.keySet().forEach(name -> groups.put(name, root(groupOfBase, name.replaceAll(SKIN_TONE, ""))));
        return groups;
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
