package dev.tandem.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.Utilization;
import dev.tandem.pipeline.broker.BrokerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Checks that every metric of the Grafana dashboard exists. */
class GrafanaDashboardTest {
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "dashboards", "tandem.json");
    private static final Pattern NAME = Pattern.compile("\\b(tandem|jvm)_\\w+");

    @Test
    void dashboard_everyMetric_isExposed() throws IOException {
        Metrics metrics = new Metrics(new Utilization());
        metrics.onTrained(MetricsTest.step(1));
        metrics.onBrokerState(new BrokerState.Available(Map.of(new TopicPartition("pairs", 0), 1L)));
        Set<String> queried = new TreeSet<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher name = NAME.matcher(target.path("expr").asText());
                while (name.find()) {
                    queried.add(name.group());
                }
            }
        }

        assertThat(queried)
                .hasSizeGreaterThan(12)
                .allSatisfy(name -> assertThat(metrics.text()).containsPattern("(?m)^" + name + "[ {]"));
    }
}
