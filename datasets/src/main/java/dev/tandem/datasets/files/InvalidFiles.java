package dev.tandem.datasets.files;

import dev.tandem.config.UserError;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What a command does with invalid files: it names each of them, and then it fails or skips them. */
public final class InvalidFiles {
    private static final int MAX_NAMED = 50;

    private final boolean skips;
    private final Consumer<String> messages;
    private final String remedy;
    private int skipped;

    /**
     * @param skips whether invalid files are skipped; otherwise the command fails
     * @param messages gets one line per invalid file
     * @param remedy what the user can do about them; completes the message of the failure
     */
    public InvalidFiles(boolean skips, Consumer<String> messages, String remedy) {
        this.skips = skips;
        this.messages = messages;
        this.remedy = remedy;
    }

    /**
     * Names the invalid files and returns the valid ones.
     *
     * @param what what the files are, in plural
     * @param problems one line per invalid file, by its index
     * @throws UserError if files are invalid and are not skipped
     */
    public <T> List<T> valid(String what, List<T> files, Map<Integer, String> problems) {
        problems.values().stream().limit(MAX_NAMED).forEach(messages);
        if (problems.size() > MAX_NAMED) {
            messages.accept("... and " + (problems.size() - MAX_NAMED) + " more");
        }
        if (!problems.isEmpty() && !skips) {
            throw new UserError(problems.size() + " of " + files.size() + " " + what + " are invalid" + remedy);
        }
        skipped += problems.size();
        return IntStream.range(0, files.size())
                .filter(i -> !problems.containsKey(i))
                .mapToObj(files::get)
                .toList();
    }

    /** The number of files that were skipped so far. */
    public int skipped() {
        return skipped;
    }
}
