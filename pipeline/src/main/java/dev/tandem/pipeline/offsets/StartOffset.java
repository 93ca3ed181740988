package dev.tandem.pipeline.offsets;

import dev.tandem.config.TranslateSettings.MissingOffsets;
import dev.tandem.pipeline.broker.OffsetRange;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where translation starts in a partition without a committed offset.
 *
 * @param lost why the offset counts as lost, and the consequence; empty: the partition is new to the group
 */
record StartOffset(long offset, Optional<String> lost) {

    /**
     * Decides.
     *
     * @param added whether the partition was added after the group had begun to commit offsets
     * @param answers not used unless the setting is {@code translations}
     */
    static StartOffset decide(
            MissingOffsets setting, int partition, OffsetRange range, boolean added, Answers answers) {
        return switch (setting) {
            case BEGINNING -> beginning(range);
            case END -> added ? beginning(range) : end(range, "translate.missing-offsets is end");
            case TRANSLATIONS -> fromAnswers(partition, range, added, answers);
        };
    }

    private static StartOffset fromAnswers(int partition, OffsetRange range, boolean added, Answers answers) {
        OptionalLong next = answers.nextOf(partition);
        if (next.isPresent() && answers.isCertain(partition)) {
            long offset = Math.max(range.first(), Math.min(next.getAsLong(), range.end()));
            return new StartOffset(
                    offset, Optional.of("the last request with an answer in the output topics is before this offset"));
        }
        if (next.isEmpty() && (added || answers.proveNoAnswer(partition))) {
            return beginning(range);
        }
        return end(
                range,
                "the output topics do not show which requests are answered; to translate all of them, set"
                        + " translate.missing-offsets=beginning");
    }

    private static StartOffset beginning(OffsetRange range) {
        return new StartOffset(range.first(), Optional.empty());
    }

    private static StartOffset end(OffsetRange range, String reason) {
        return new StartOffset(range.end(), range.isEmpty() ? Optional.empty() : Optional.of(reason));
    }
}
