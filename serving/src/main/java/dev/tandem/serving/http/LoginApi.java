package dev.tandem.serving.http;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.HttpCookie;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /login}: gives a browser that knows the token a session cookie. Without a token there is no such path. */
final class LoginApi extends AllDirectives {
    private static final Uri DASHBOARD = Uri.create("/");
    private static final Uri FAILED = Uri.create("/login#failed");
    private static final long MAX_BODY_BYTES = 4096;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);

    private final TokenCheck tokens;

    LoginApi(TokenCheck tokens) {
        this.tokens = tokens;
    }

    Route routes() {
        return tokens.isRequired()
                ? path(
                        "login",
                        () -> concat(
                                get(StaticFiles::loginPage),
                                post(() -> withSizeLimit(
                                        MAX_BODY_BYTES,
                                        () -> toStrictEntity(
                                                BODY_TIMEOUT,
                                                () -> formField("token", token -> complete(logIn(token))))))))
                : reject();
    }

    private HttpResponse logIn(String token) {
        Optional<HttpCookie> session = tokens.logIn(token);
        HttpResponse response = HttpResponse.create()
                .withStatus(StatusCodes.SEE_OTHER)
                .addHeader(Location.create(session.isPresent() ? DASHBOARD : FAILED));
        return session.map(cookie -> response.addHeader(SetCookie.create(cookie)))
                .orElse(response);
    }
}
