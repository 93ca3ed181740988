package dev.tandem.config;

import java.util.regex.Pattern;

/** Text for a terminal that can contain names and values from elsewhere, for example of files and records. */
public final class PrintableText {
    /** Control characters, and characters that change the direction of the text. Line breaks are allowed. */
    private static final Pattern NOT_PRINTABLE =
            Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069&&[^\n]]");

    private PrintableText() {}

    /** Replaces each character that could control the terminal by a question mark. */
    public static String of(String text) {
        return NOT_PRINTABLE.matcher(text).replaceAll("?");
    }
}
