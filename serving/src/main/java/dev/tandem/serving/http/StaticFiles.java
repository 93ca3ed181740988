package dev.tandem.serving.http;

import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** Serves the files of the dashboard, of its chart library, and {@code openapi.json} from the class path. */
final class StaticFiles {
    private static final String DASHBOARD = "dashboard";
    /** The path on the class path contains the version; the URL in the page does not. */
    private static final String CHART_LIBRARY =
            "META-INF/resources/webjars/uplot/" + WebJars.version("uplot") + "/dist";

    /**
     * Prevents a browser from using the page of an earlier version with the API of this one. Modification dates cannot tell
     * them apart: reproducible builds give all files the same date.
     */
    private static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");

    private StaticFiles() {}

    /** The page that asks for the token. */
    static Route loginPage() {
        return Directives.respondWithHeader(NO_STORE, () -> Directives.getFromResource(DASHBOARD + "/login.html"));
    }

    static Route page() {
        return Directives.respondWithHeader(
                NO_STORE,
                () -> Directives.concat(
                        Directives.pathEndOrSingleSlash(() -> Directives.getFromResource(DASHBOARD + "/index.html")),
                        Directives.path("openapi.json", () -> Directives.getFromResource("openapi.json"))));
    }

    /** Scripts, styles and images, which contain nothing of a run. */
    static Route assets() {
        return Directives.respondWithHeader(
                NO_STORE,
                () -> Directives.concat(
                        Directives.pathPrefix(
                                PathMatchers.segment("assets").slash("uplot"),
                                () -> Directives.getFromResourceDirectory(CHART_LIBRARY)),
                        Directives.pathPrefix("assets", () -> Directives.getFromResourceDirectory(DASHBOARD))));
    }
}
