package dev.tandem.evaluation.report;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.JsonFiles;
import dev.tandem.datasets.files.TemporaryFolder;
import dev.tandem.datasets.gallery.Gallery;
import dev.tandem.datasets.gallery.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a report to a folder: {@code report.json}, {@code report.html}, {@code contact-sheet.png} and {@code pictures/}.
 */
public record ReportWriter(Path out) {
    private static final String IMAGE_FOLDER = "pictures";

    /**
     * Writes the report and replaces the images of an earlier one.
     *
     * @throws dev.tandem.config.UserError if a file cannot be written
     */
    public void write(Report report) {
        ImageFiles.createFolder(out);
        TemporaryFolder.delete(out.resolve(IMAGE_FOLDER));
        Gallery gallery = new Gallery(out, IMAGE_FOLDER);
        gallery.writePage(
                "report.html",
                Page.head("evaluation")
                        + "<h1>Evaluation</h1>\n<p class=\"facts\">" + facts(report.facts(), "<br>\n") + "</p>\n"
                        + report.sections().stream().map(ReportWriter::section).collect(Collectors.joining())
                        + "<h2>Samples</h2>\n" + gallery.write(report.rows()) + Page.foot(report.attribution()));
        JsonFiles.write(out.resolve("report.json"), report.values());
    }

    /** The figures as lines of text, for a terminal. A section without figures has one line that says why. */
    public static List<String> lines(Report report) {
        return report.sections().stream()
                .flatMap(section -> Stream.concat(
                        section.figures().stream().map(figure -> line(section, figure)),
                        section.note().stream().map(note -> format("%-11s not measured: %s", section.key(), note))))
                .toList();
    }

    private static String line(Section section, Figure figure) {
        return format("%-11s %-28s %9s  %s", section.key(), figure.key(), figure.formatted(), figure.meaning());
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String section(Section section) {
        String rows = section.figures().stream()
                .map(figure -> format(
                        "<tr><td class=\"value\">%s</td><td>%s</td><td class=\"key\">%s.%s</td></tr>%n",
                        figure.formatted(), Page.escaped(figure.meaning()), section.key(), figure.key()))
                .collect(Collectors.joining());
        String facts = section.facts().isEmpty() ? "" : "<p class=\"facts\">" + facts(section.facts(), "; ") + "</p>\n";
        return "<h2>" + Page.escaped(section.question()) + "</h2>\n<table>\n" + rows + "</table>\n" + facts;
    }

    private static String facts(Map<String, Object> facts, String separator) {
        return facts.entrySet().stream()
                .map(fact -> Page.escaped(fact.getKey() + ": " + fact.getValue()))
                .collect(Collectors.joining(separator));
    }
}
