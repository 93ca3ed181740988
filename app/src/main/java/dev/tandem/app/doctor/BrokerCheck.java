package dev.tandem.app.doctor;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.broker.TopicLimits;
import dev.tandem.pipeline.broker.TopicProblem;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checks that a broker answers, and that the topics exist and accept records of the configured size. */
record BrokerCheck(Settings settings) {

    List<Finding> findings() {
        try {
            Topics topics = new Topics(settings.kafka(), settings.topics());
            Map<String, TopicLimits> limits =
                    topics.limits(topicNames(), settings.topics().adminTimeout());
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.ok("broker", settings.kafka().bootstrapServers() + " answers"));
            topicNames().forEach(name -> topic(name, limits).forEach(findings::add));
            return findings;
        } catch (BrokerUnreachable e) {
            return List.of(Finding.fail(
                    "broker",
                    e.getMessage(),
                    "start a broker (tandem broker --dir broker), or set its address: --set"
                            + " kafka.bootstrap-servers=HOST:PORT"));
        } catch (SettingsException e) {
            return List.of(Finding.fail(
                    "broker", e.getMessage(), "correct the settings under kafka; docs/how-to/secure.md has examples"));
        }
    }

    private List<String> topicNames() {
        TopicSettings topics = settings.topics();
        return List.of(topics.pairs(), topics.sources(), topics.translations(), topics.deadLetters());
    }

    private Stream<Finding> topic(String name, Map<String, TopicLimits> limits) {
        String subject = "topic " + name;
        if (!limits.containsKey(name)) {
            return Stream.of(
                    settings.topics().createMissing()
                            ? Finding.ok(subject, "does not exist; the run creates it")
                            : Finding.fail(subject, "does not exist", "create it, or set topics.create-missing=true"));
        }
        List<TopicProblem> problems = TopicProblem.of(settings.topics(), List.of(limits.get(name)));
        return problems.isEmpty()
                ? Stream.of(Finding.ok(
                        subject, "accepts records of up to " + limits.get(name).maxRecordBytes() + " bytes"))
                : problems.stream().map(problem -> Finding.warn(subject, problem.found(), problem.fix()));
    }
}
