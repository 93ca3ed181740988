package dev.tandem.clients.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The responses of a load test.
 *
 * @param clients number of clients at the same time
 * @param seconds duration of the test
 * @param millisOfSuccesses latency of each response with status 200, in ascending order
 * @param responses number of responses by status; 0: the connection failed
 */
public record LoadResult(int clients, double seconds, double[] millisOfSuccesses, Map<Integer, Long> responses) {
    private static final int OK = 200;
    private static final double NANOS_PER_MILLI = 1e6;

    /** One response. */
    record Response(int status, long nanos) {}

    static LoadResult of(int clients, long nanos, List<Response> responses) {
        double[] millis = responses.stream()
                .filter(response -> response.status() == OK)
                .mapToDouble(response -> response.nanos() / NANOS_PER_MILLI)
                .sorted()
                .toArray();
        return new LoadResult(
                clients,
                nanos / NANOS_PER_MILLI / 1000,
                millis,
                responses.stream()
                        .collect(Collectors.groupingBy(Response::status, TreeMap::new, Collectors.counting())));
    }

    public LoadResult {
        millisOfSuccesses = millisOfSuccesses.clone();
        Arrays.sort(millisOfSuccesses);
        responses = Map.copyOf(responses);
    }

    /** Number of responses with the status. */
    public long count(int status) {
        return responses.getOrDefault(status, 0L);
    }

    /** Figures by JSON key. */
    public Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("clients", clients);
        summary.put("seconds", rounded(seconds));
        summary.put("translationsPerSecond", rounded(count(OK) / seconds));
        summary.put("p50Millis", rounded(quantile(0.5)));
        summary.put("p99Millis", rounded(quantile(0.99)));
        summary.put("responses", new TreeMap<>(responses));
        return summary;
    }

    /** The latency that a share of the successful requests does not exceed; NaN without any. */
    double quantile(double share) {
        int count = millisOfSuccesses.length;
        return count == 0 ? Double.NaN : millisOfSuccesses[Math.min(count - 1, (int) (share * count))];
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
