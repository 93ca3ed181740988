package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.report.Figure;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures that are means of many values, in the order of their definition. */
final class Means {
    private final Map<String, String> meanings = new LinkedHashMap<>();
    private final Map<String, DoubleSummaryStatistics> values = new LinkedHashMap<>();

    /** Defines a figure. */
    Means with(String key, String meaning) {
        meanings.put(key, meaning);
        values.put(key, new DoubleSummaryStatistics());
        return this;
    }

    void add(String key, double value) {
        values.get(key).accept(value);
    }

    /** The number of values of a figure. */
    long count(String key) {
        return values.get(key).getCount();
    }

    /** The figures that have at least one value. */
    List<Figure> figures() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue().getCount() > 0)
                .map(entry -> new Figure(
                        entry.getKey(),
                        meanings.get(entry.getKey()),
                        entry.getValue().getAverage()))
                .toList();
    }
}
