package dev.tandem.app.evaluate.measure;

import dev.tandem.app.evaluate.data.TestInput;
import dev.tandem.app.evaluate.data.Translations.Samples;
import dev.tandem.app.evaluate.report.Section;

/** A question, answered input by input, so that nobody has to keep all translations. */
public interface Measure {

    void add(TestInput input, Samples samples);

    /** What has come of it; figures that could not be had are left out. */
    Section section();
}
