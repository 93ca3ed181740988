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
 * Pairs from the emoji of OpenMoji: A is the black outline, B the whole emoji. Hundreds of outlines exist in six colourings
 * (five skin tones and yellow), so that one A has several correct Bs.
 */
public final class OpenMoji {
    private static final String ICONS = "/META-INF/resources/webjars/iconify__json/2.2.378/json/openmoji.json";
    private static final String SKIN_TONE = "(-(light|medium-light|medium|medium-dark|dark)-skin-tone)+$";
    private static final String ATTRIBUTION =
            "Emoji by OpenMoji, the open-source emoji and icon project (openmoji.org). License: CC BY-SA 4.0";

    /** Side in pixels at which outlines are compared; most measurements use this size. */
    private static final int COMPARISON_SIDE = 64;

    private OpenMoji() {}

    /** Loads the icons from the class path. The pairs are drawn on demand. */
    public static Dataset load() {
        Map<String, String> bodies = bodies();
        Map<String, String> outlines = new TreeMap<>();
        bodies.forEach((name, body) -> outlines.put(name, SvgOutline.of(body)));
        Map<String, String> groups = groups(outlines);
        List<Example> examples = new ArrayList<>();
        bodies.forEach((name, body) -> examples.add(
                new Example(name, groups.get(name), Map.of(), side -> pair(outlines.get(name), body, side))));
        return new Dataset("openmoji", ATTRIBUTION, List.copyOf(examples));
    }

    private static Map<String, String> bodies() {
        try (InputStream in = OpenMoji.class.getResourceAsStream(ICONS)) {
            if (in == null) {
                throw new IllegalStateException("the library iconify__json is missing on the class path");
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

    /**
     * The group of each icon. Icons share a group if they differ only in skin tone, or if their outlines are drawn the same
     * (all flags, for instance).
     */
    private static Map<String, String> groups(Map<String, String> outlines) {
        Map<String, IntBuffer> drawings = outlines.entrySet().parallelStream()
                .collect(Collectors.toMap(Map.Entry::getKey, outline -> pixels(outline.getValue())));
        Map<String, String> groupOfBase = new HashMap<>();
        Map<IntBuffer, String> baseOfDrawing = new HashMap<>();
        outlines.keySet().forEach(name -> {
            String base = name.replaceAll(SKIN_TONE, "");
            String first = root(groupOfBase, base);
            String second = root(groupOfBase, baseOfDrawing.computeIfAbsent(drawings.get(name), pixels -> base));
            if (!first.equals(second)) {
                groupOfBase.put(first, second);
            }
        });
        Map<String, String> groups = new HashMap<>();
        outlines.keySet().forEach(name -> groups.put(name, root(groupOfBase, name.replaceAll(SKIN_TONE, ""))));
        return groups;
    }

    /** The pixels of an outline, because different SVGs can give the same drawing. */
    private static IntBuffer pixels(String outline) {
        BufferedImage drawn = Svg.canvas(COMPARISON_SIDE, COMPARISON_SIDE);
        Svg.draw(outline, drawn, 0, COMPARISON_SIDE);
        return IntBuffer.wrap(drawn.getRGB(0, 0, COMPARISON_SIDE, COMPARISON_SIDE, null, 0, COMPARISON_SIDE));
    }

    /** The representative of the groups that were merged (union-find). */
    private static String root(Map<String, String> parents, String base) {
        String root = base;
        while (parents.containsKey(root)) {
            root = parents.get(root);
        }
        return root;
    }

    private static BufferedImage pair(String outline, String body, int side) {
        BufferedImage pair = Svg.canvas(2 * side, side);
        Svg.draw(outline, pair, 0, side);
        Svg.draw(body, pair, side, side);
        return pair;
    }
}
