package dev.tandem.evaluation.report;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.JsonFiles;
import dev.tandem.datasets.files.TemporaryFolder;
import dev.tandem.datasets.gallery.Gallery;
import dev.tandem.datasets.gallery.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes {@code report.json}, {@code report.html}, the pictures it shows and a contact sheet of them. */
public record ReportWriter(Path out) {
    private static final String PICTURES = "pictures";

    public void write(Report report) {
        ImageFiles.folder(out);
        TemporaryFolder.delete(out.resolve(PICTURES));
        Gallery gallery = new Gallery(out, PICTURES);
        gallery.writePage(
                "report.html",
                Page.head("evaluation")
                        + "<h1>Evaluation</h1>\n<p class=\"facts\">" + facts(report) + "</p>\n"
                        + report.sections().stream().map(ReportWriter::section).collect(Collectors.joining())
                        + "<h2>Look at them</h2>\n" + gallery.write(report.rows()) + Page.foot(report.attribution()));
        JsonFiles.write(out.resolve("report.json"), report.values());
    }

    /** The figures as lines of text, for a terminal. */
    public static List<String> lines(Report report) {
        return report.sections().stream()
                .flatMap(section -> section.figures().stream()
                        .map(figure -> String.format(
                                Locale.ROOT,
                                "%-11s %-28s %9s  %s",
                                section.key(),
                                figure.key(),
                                figure.shown(),
                                figure.meaning())))
                .toList();
    }

    private static String facts(Report report) {
        return report.facts().entrySet().stream()
                .map(fact -> Page.escaped(fact.getKey() + ": " + fact.getValue()))
                .collect(Collectors.joining("<br>\n"));
    }

    private static String section(Section section) {
        String rows = section.figures().stream()
                .map(figure -> String.format(
                        Locale.ROOT,
                        "<tr><td class=\"value\">%s</td><td>%s</td><td class=\"key\">%s.%s</td></tr>%n",
                        figure.shown(),
                        Page.escaped(figure.meaning()),
                        section.key(),
                        figure.key()))
                .collect(Collectors.joining());
        String facts = section.facts().entrySet().stream()
                .map(fact -> Page.escaped(fact.getKey() + ": " + fact.getValue()))
                .collect(Collectors.joining("; "));
        return "<h2>" + Page.escaped(section.question()) + "</h2>\n<table>\n" + rows + "</table>\n<p class=\"facts\">"
                + facts + "</p>\n";
    }
}
