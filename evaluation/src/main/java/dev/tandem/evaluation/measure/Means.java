package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.report.Figure;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures that are means over many values, in the order in which they were named. */
final class Means {
    private final Map<String, String> meanings = new LinkedHashMap<>();
    private final Map<String, DoubleSummaryStatistics> values = new LinkedHashMap<>();

    Means with(String key, String meaning) {
        meanings.put(key, meaning);
        values.put(key, new DoubleSummaryStatistics());
        return this;
    }

    void add(String key, double value) {
        values.get(key).accept(value);
    }

    long count(String key) {
        return values.get(key).getCount();
    }

    /** Those that had a value. */
    List<Figure> figures() {
        return values.entrySet().stream()
                .filter(each -> each.getValue().getCount() > 0)
                .map(each -> new Figure(
                        each.getKey(),
                        meanings.get(each.getKey()),
                        each.getValue().getAverage()))
                .toList();
    }
}
