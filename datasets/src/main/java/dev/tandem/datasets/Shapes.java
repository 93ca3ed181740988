package dev.tandem.datasets;

import dev.tandem.datasets.Dataset.Example;
import dev.tandem.model.train.Noise;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Outlines of random polygons and ellipses, filled with a hue. Given A, the hue of B is uniform over the colour circle
 * and everything else is fixed, so the conditional distribution is known exactly.
 */
public final class Shapes {
    /** The fact that a fill has a hue, 0 to 1, and that any other would be as true. */
    public static final String HUE = "hue";

    private static final int OUTLINES = 500;
    private static final int HUES_PER_OUTLINE = 4;
    private static final float SATURATION = 0.85f;
    private static final float BRIGHTNESS = 0.95f;
    private static final double STROKE = 0.04;

    private Shapes() {}

    public static Dataset draw(long seed) {
        List<Example> examples = new ArrayList<>();
        for (int outline = 0; outline < OUTLINES; outline++) {
            String group = String.format("shape-%04d", outline);
            for (int variant = 0; variant < HUES_PER_OUTLINE; variant++) {
                String name = group + "-" + variant;
                double hue = Noise.stream(seed, "hue." + name).nextDouble();
                examples.add(
                        new Example(name, group, Map.of(HUE, hue), side -> joined(outline(seed, group), hue, side)));
            }
        }
        return new Dataset("shapes", "Drawn by Tandem; free of rights", List.copyOf(examples));
    }

    /** In the unit square. */
    private static Shape outline(long seed, String group) {
        RandomGenerator random = Noise.stream(seed, "outline." + group);
        double radius = random.nextDouble(0.25, 0.42);
        double x = random.nextDouble(radius + STROKE, 1 - radius - STROKE);
        double y = random.nextDouble(radius + STROKE, 1 - radius - STROKE);
        int corners = random.nextInt(2, 9);
        return corners == 2
                ? new Ellipse2D.Double(x - radius, y - radius * 0.7, 2 * radius, 1.4 * radius)
                : polygon(random, corners, x, y, radius);
    }

    private static Shape polygon(RandomGenerator random, int corners, double x, double y, double radius) {
        Path2D path = new Path2D.Double();
        double turn = random.nextDouble(2 * Math.PI);
        for (int i = 0; i < corners; i++) {
            double angle = turn + 2 * Math.PI * i / corners;
            double reach = radius * random.nextDouble(0.7, 1);
            double px = x + reach * Math.cos(angle);
            double py = y + reach * Math.sin(angle);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        path.closePath();
        return path;
    }

    private static BufferedImage joined(Shape outline, double hue, int side) {
        BufferedImage canvas = Svg.canvas(2 * side, side);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setStroke(new BasicStroke((float) (STROKE * side)));
        Shape a = AffineTransform.getScaleInstance(side, side).createTransformedShape(outline);
        Shape b = AffineTransform.getTranslateInstance(side, 0).createTransformedShape(a);
        graphics.setColor(Color.getHSBColor((float) hue, SATURATION, BRIGHTNESS));
        graphics.fill(b);
        graphics.setColor(Color.BLACK);
        graphics.draw(a);
        graphics.draw(b);
        graphics.dispose();
        return canvas;
    }
}
