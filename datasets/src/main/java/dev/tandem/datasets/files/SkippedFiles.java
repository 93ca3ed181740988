package dev.tandem.datasets.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a folder of images contains besides images.
 *
 * @param hidden number of images and folders that the system hides or creates: names with a leading dot, {@code __MACOSX}
 * @param unsupported number of images by extension, in formats that are not supported
 * @param broken links that lead nowhere
 * @param repeated links whose target contains them, or is read anyway
 * @param special files with the name of an image that are no regular files, such as pipes
 */
record SkippedFiles(
        int hidden,
        Map<String, Integer> unsupported,
        List<String> broken,
        List<String> repeated,
        List<String> special) {
    private static final int MAX_NAMES = 5;

    /** One phrase for each kind of skipped files; empty if nothing is skipped. */
    List<String> describe() {
        List<String> phrases = new ArrayList<>();
        if (hidden > 0) {
            phrases.add(count(hidden, "hidden name", "hidden names") + " (leading dot, __MACOSX and similar)");
        }
        if (!unsupported.isEmpty()) {
            int files =
                    unsupported.values().stream().mapToInt(Integer::intValue).sum();
            String byExtension = unsupported.entrySet().stream()
                    .map(extension -> extension.getValue() + " " + extension.getKey())
                    .collect(Collectors.joining(", "));
            phrases.add(count(files, "image", "images") + " in formats that are not supported (" + byExtension
                    + "); convert them to PNG");
        }
        add(phrases, broken, "broken link", "broken links");
        add(phrases, repeated, "link that would read a folder twice", "links that would read a folder twice");
        add(phrases, special, "special file", "special files");
        return phrases;
    }

    private static void add(List<String> phrases, List<String> names, String one, String several) {
        if (!names.isEmpty()) {
            String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
            phrases.add(
                    count(names.size(), one, several) + " (" + shown + (names.size() > MAX_NAMES ? ", ..." : "") + ")");
        }
    }

    private static String count(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
