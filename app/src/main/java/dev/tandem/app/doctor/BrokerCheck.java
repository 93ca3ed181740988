package dev.tandem.app.doctor;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a broker answers, and whether the topics are there and take what will be sent. */
record BrokerCheck(Settings settings) {

    List<Finding> findings() {
        String servers = settings.kafka().bootstrapServers();
        try {
            Topics topics = new Topics(settings.kafka(), settings.topics());
            topics.requireBroker(settings.topics().adminTimeout());
            List<Finding> findings = new ArrayList<>(List.of(Finding.ok("broker", servers + " answers")));
            names().forEach(name -> findings.add(topic(topics, name)));
            return findings;
        } catch (BrokerUnreachable e) {
            return List.of(
                    Finding.fail(
                            "broker",
                            e.getMessage(),
                            "start one (tandem broker --dir broker), or say where it is: --set kafka.bootstrap-servers=HOST:PORT"));
        } catch (SettingsException e) {
            return List.of(Finding.fail("broker", e.getMessage(), "docs/how-to/secure.md has settings that work"));
        }
    }

    private List<String> names() {
        TopicSettings topics = settings.topics();
        return List.of(topics.pairs(), topics.sources(), topics.translations(), topics.deadLetters());
    }

    private Finding topic(Topics topics, String name) {
        Map<String, Long> limits =
                topics.largestRecords(List.of(name), settings.topics().adminTimeout());
        long wanted = settings.topics().maxMessageBytes();
        String what = "topic " + name;
        if (!limits.containsKey(name)) {
            return settings.topics().createMissing()
                    ? Finding.ok(what, "is not there; a run will make it")
                    : Finding.fail(what, "is not there", "make it, or set topics.create-missing=true");
        }
        return limits.get(name) >= wanted
                ? Finding.ok(what, "takes records of " + limits.get(name) + " bytes")
                : Finding.warn(
                        what,
                        "takes records of " + limits.get(name) + " bytes only",
                        "raise its max.message.bytes to topics.max-message-bytes (" + wanted + "), or lower that");
    }
}
