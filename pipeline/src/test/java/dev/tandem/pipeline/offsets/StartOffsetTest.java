package dev.tandem.pipeline.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.TranslateSettings.MissingOffsets;
import dev.tandem.pipeline.broker.OffsetRange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartOffsetTest {
    private static final int PARTITION = 1;
    private static final OffsetRange RANGE = new OffsetRange(5, 20);
    private static final Answers UNTIL_11 = new Answers(Map.of(PARTITION, 12L), Set.of(), false, false);
    private static final Answers NOTHING_RETAINED = new Answers(Map.of(), Set.of(), false, false);

    @Test
    void decide_answersFound_isAfterTheLastOne() {
        StartOffset start = decide(RANGE, false, UNTIL_11);

        assertThat(start.offset()).isEqualTo(12);
        assertThat(start.lost()).isPresent();
    }

    @Test
    void decide_answersFoundInAPartitionThatLooksNew_isAfterTheLastOne() {
        assertThat(decide(RANGE, true, UNTIL_11).offset()).isEqualTo(12);
    }

    @Test
    void decide_answeredRequestsRemovedByRetention_isTheOldestRequest() {
        assertThat(decide(new OffsetRange(15, 20), false, UNTIL_11).offset()).isEqualTo(15);
    }

    @Test
    void decide_answeredRequestsLostByTheBroker_isTheEnd() {
        assertThat(decide(new OffsetRange(0, 8), false, UNTIL_11).offset()).isEqualTo(8);
    }

    @Test
    void decide_searchGaveUpWithSomeAnswers_isTheEnd() {
        Answers uncertain = new Answers(Map.of(PARTITION, 12L), Set.of(PARTITION), false, false);

        StartOffset start = decide(RANGE, true, uncertain);

        assertThat(start.offset()).isEqualTo(20);
        assertThat(start.lost().orElseThrow()).contains("translate.missing-offsets=beginning");
    }

    @Test
    void decide_searchGaveUpWithoutAnswers_isTheEndExceptForAnAddedPartition() {
        Answers uncertain = new Answers(Map.of(), Set.of(PARTITION), true, false);

        assertThat(decide(RANGE, false, uncertain).offset()).isEqualTo(20);
        assertThat(decide(RANGE, true, uncertain).offset()).isEqualTo(5);
    }

    @Test
    void decide_searchGaveUpForAnotherPartition_isAfterTheLastAnswer() {
        Answers uncertain = new Answers(Map.of(PARTITION, 12L), Set.of(PARTITION + 1), true, false);

        assertThat(decide(RANGE, false, uncertain).offset()).isEqualTo(12);
    }

    @Test
    void decide_newGroup_isTheBeginningWithoutWarning() {
        assertThat(decide(RANGE, false, new Answers(Map.of(), Set.of(), true, false)))
                .isEqualTo(new StartOffset(5, Optional.empty()));
    }

    @Test
    void decide_partitionAdded_isTheBeginningWithoutWarning() {
        assertThat(decide(RANGE, true, NOTHING_RETAINED)).isEqualTo(new StartOffset(5, Optional.empty()));
    }

    @Test
    void decide_topicCreatedAgain_isTheBeginningWithoutWarning() {
        assertThat(decide(RANGE, false, new Answers(Map.of(), Set.of(), false, true)))
                .isEqualTo(new StartOffset(5, Optional.empty()));
    }

    @Test
    void decide_outputsRemovedByRetention_isTheEnd() {
        StartOffset start = decide(RANGE, false, NOTHING_RETAINED);

        assertThat(start.offset()).isEqualTo(20);
        assertThat(start.lost()).isPresent();
    }

    @Test
    void decide_noRequests_givesNoWarning() {
        assertThat(decide(new OffsetRange(20, 20), false, NOTHING_RETAINED))
                .isEqualTo(new StartOffset(20, Optional.empty()));
    }

    @Test
    void decide_end_isTheEndExceptForAnAddedPartition() {
        assertThat(StartOffset.decide(MissingOffsets.END, PARTITION, RANGE, false, Answers.NONE)
                        .offset())
                .isEqualTo(20);
        assertThat(StartOffset.decide(MissingOffsets.END, PARTITION, RANGE, true, Answers.NONE)
                        .offset())
                .isEqualTo(5);
    }

    @Test
    void decide_beginning_isTheBeginning() {
        assertThat(StartOffset.decide(MissingOffsets.BEGINNING, PARTITION, RANGE, false, UNTIL_11)
                        .offset())
                .isEqualTo(5);
    }

    private static StartOffset decide(OffsetRange range, boolean added, Answers answers) {
        return StartOffset.decide(MissingOffsets.TRANSLATIONS, PARTITION, range, added, answers);
    }
}
