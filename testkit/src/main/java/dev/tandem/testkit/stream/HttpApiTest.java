package dev.tandem.testkit.stream;

import static dev.tandem.testkit.client.HttpResponses.json;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.TandemProcess;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Base class of tests of the HTTP API. Each test has a run with all roles and an empty topic of pairs. */
public abstract class HttpApiTest extends BrokerTest {
    protected static final String PAIRS_TOPIC = "api-pairs";
    private static final int BATCH_SIZE = 4;

    protected final HttpTestClient http = HttpTestClient.onFreePort();
    protected TandemProcess run;

    @BeforeEach
    void startRun() {
        run = runs.runWithHttp("api", http.port())
                .set("http.probe-every=2", "http.max-requests=2")
                .withEnvironment(environment())
                .start();
        http.awaitReady(run);
    }

    /** The variables that the image of the container sets for the health check. */
    protected Map<String, String> environment() {
        return Map.of("TANDEM_HEALTH_FILE", folder.resolve("health").toString());
    }

    @AfterEach
    void stopRun() {
        run.close();
        kafka.admin().deleteTopic(PAIRS_TOPIC);
        kafka.admin().deleteTopic("api-dead");
    }

    /**
     * Sends pairs, and waits until the run has trained on them and written a checkpoint.
     *
     * @param pairs a multiple of 12, because a checkpoint follows every third batch of four pairs
     */
    protected void train(int pairs) {
        double total = http.metric("tandem_training_pairs") + pairs;
        kafka.produce(TestRecords.pairs(PAIRS_TOPIC, pairs));
        await().atMost(TIMEOUT).alias(pairs + " more pairs").until(() -> http.metric("tandem_training_pairs") >= total);
        String checkpoint = String.format("step-%010d", Math.round(total / BATCH_SIZE));
        await().atMost(TIMEOUT)
                .until(() -> checkpointNames(json(http.get("/v1/checkpoints"))).contains(checkpoint));
    }

    /** @param list the response of {@code GET /v1/checkpoints} */
    protected static List<String> checkpointNames(JsonNode list) {
        return StreamSupport.stream(list.path("checkpoints").spliterator(), false)
                .map(checkpoint -> checkpoint.path("name").asText())
                .toList();
    }
}
