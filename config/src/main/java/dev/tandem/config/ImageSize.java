package dev.tandem.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The height and width of the images inside the model, in pixels. */
public record ImageSize(int height, int width) {
    private static final String KEY = "model.image-size";
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

    public ImageSize {
        RangeCheck.range(KEY, height, 32, 2048);
        RangeCheck.range(KEY, width, 32, 2048);
    }

    /** Parses {@code 128} or {@code 128x256} (height first). */
    public static ImageSize parse(String text) {
        Matcher matcher = FORMAT.matcher(text.trim());
        RangeCheck.require(
                matcher.matches(), KEY, '"' + text + '"', "one number or HEIGHTxWIDTH, for example 256 or 128x256");
        int height = Integer.parseInt(matcher.group(1));
        return new ImageSize(height, matcher.group(2) == null ? height : Integer.parseInt(matcher.group(2)));
    }

    public int shorterSide() {
        return Math.min(height, width);
    }

    @Override
    public String toString() {
        return height == width ? Integer.toString(height) : height + "x" + width;
    }
}
