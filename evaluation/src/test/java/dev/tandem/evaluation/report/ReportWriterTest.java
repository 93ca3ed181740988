package dev.tandem.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportWriterTest {
    @Test
    void lines_sectionWithoutFigures_saysWhy() {
        Section measured = new Section("faithful", "", Map.of("inputs", 1), List.of(new Figure("l1", "distance", 0.5)));
        Section tooSmall = new Section("realistic", "", Map.of(Section.NOTE, "too few images"), List.of());

        assertThat(ReportWriter.lines(new Report(Map.of(), "", List.of(measured, tooSmall), List.of())))
                .containsExactly(
                        "faithful    l1                              0.5000  distance",
                        "realistic   not measured: too few images");
    }
}
