package dev.tandem.clients;

import dev.tandem.config.Settings;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.util.Set;

/** Checks, before a tool starts, that a broker answers and that the topics exist. */
public record TopicCheck(Settings settings) {

    /**
     * Requires a broker and a topic. Topics of the settings may still be missing, because a run or {@code produce}
     * creates them.
     *
     * @param create whether the tool creates the topic, so that it may be missing
     * @throws UserError if no broker answers or the topic does not exist
     */
    public void requireTopic(String topic, boolean create) {
        TopicSettings names = settings.topics();
        boolean inSettings = Set.of(names.pairs(), names.sources(), names.translations(), names.deadLetters())
                .contains(topic);
        requireTopics(create || inSettings ? Set.of() : Set.of(topic));
    }

    /**
     * Requires a broker and topics. A missing topic is an error, because its name may be misspelt.
     *
     * @throws UserError if no broker answers or a topic does not exist
     */
    public void requireTopics(Set<String> names) {
        Set<String> missing = missing(names);
        if (!missing.isEmpty()) {
            throw new UserError("there is no topic " + String.join(", ", missing) + " at "
                    + settings.kafka().bootstrapServers() + "; correct the name, or create the topic first");
        }
    }

    private Set<String> missing(Set<String> names) {
        Topics topics = new Topics(settings.kafka(), settings.topics());
        try {
            return topics.missing(names, settings.topics().adminTimeout());
        } catch (BrokerUnreachable e) {
            throw new UserError(e.getMessage() + "; start the broker, or set its address with --bootstrap", e);
        }
    }
}
