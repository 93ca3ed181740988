package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.report.Section;

/** A question of the evaluation. Inputs are added one at a time, so that not all translations have to be in memory. */
public interface Measure {

    /** Adds an input and its translations. */
    void add(TestInput input, Samples samples);

    /** The results over all inputs that were added; figures without a value are left out. */
    Section section();
}
