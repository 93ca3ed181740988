package dev.tandem.serving.http;

import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** The dashboard's files, and those of its chart library, out of the jars. */
final class StaticFiles {
    private static final String OWN = "dashboard";
    /** The version is in the class path's folder, but not in the page. */
    private static final String CHARTS = "META-INF/resources/webjars/uplot/" + WebJars.version("uplot") + "/dist";

    /** After an upgrade the old page would ask what the new server does not know; files are dated alike by the build. */
    private static final HttpHeader FRESH = RawHeader.create("Cache-Control", "no-store");

    private StaticFiles() {}

    static Route routes() {
        return Directives.respondWithHeader(
                FRESH,
                () -> Directives.concat(
                        Directives.pathEndOrSingleSlash(() -> Directives.getFromResource(OWN + "/index.html")),
                        Directives.path("openapi.json", () -> Directives.getFromResource("openapi.json")),
                        Directives.pathPrefix(
                                PathMatchers.segment("assets").slash("uplot"),
                                () -> Directives.getFromResourceDirectory(CHARTS)),
                        Directives.pathPrefix("assets", () -> Directives.getFromResourceDirectory(OWN))));
    }
}
