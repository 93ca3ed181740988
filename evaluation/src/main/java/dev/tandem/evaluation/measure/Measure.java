package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.report.Section;

/** A question, answered input by input, so that nobody has to keep all translations. */
public interface Measure {

    void add(TestInput input, Samples samples);

    /** What has come of it; figures that could not be had are left out. */
    Section section();
}
