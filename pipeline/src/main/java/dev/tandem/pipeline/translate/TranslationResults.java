package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.config.TopicSettings;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import dev.tandem.pipeline.emit.TranslationRecords;
import dev.tandem.pipeline.transaction.InputRecord;
import dev.tandem.pipeline.transaction.ProcessedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Creates the result of a request: its translations or its dead letter. */
final class TranslationResults {
    private final TopicSettings topics;
    private final TranslationRecords translations;
    private final DeadLetterRecords deadLetters;

    TranslationResults(TopicSettings topics) {
        this.topics = topics;
        this.translations = new TranslationRecords(topics.translations());
        this.deadLetters = new DeadLetterRecords(topics.deadLetters());
    }

    /** Returns the translations; if they are too large for their topic, a dead letter is sent instead. */
    ProcessedRecord translated(PreparedRequest.Valid request, Result result) {
        ConsumerRecord<byte[], byte[]> record = request.input().record();
        TranslationRequest content = request.content();
        List<ProducerRecord<byte[], byte[]>> outputs = content.pathLatents().isEmpty()
                ? translations.of(record, result, content.seed())
                : List.of(translations.animation(
                        record, result, content.seed(), content.pathLatents().getAsInt()));
        ProcessedRecord deadLetter = deadLetter(request.input(), tooLarge(outputs));
        return new ProcessedRecord(request.input(), outputs, Optional.empty(), Optional.of(deadLetter));
    }

    private InvalidInput tooLarge(List<ProducerRecord<byte[], byte[]>> outputs) {
        int bytes =
                outputs.stream().mapToInt(record -> record.value().length).max().orElse(0);
        return new InvalidInput(
                Reason.ANSWER_TOO_LARGE,
                "the translation has " + bytes + " bytes, more than the topic " + topics.translations()
                        + " accepts (topics.max-message-bytes is "
                        + topics.maxMessageBytes()
                        + ", but a topic can have its own limit); ask for fewer frames");
    }

    /** Returns the dead letter of a request, with smaller variants to send if it is too large for its topic. */
    ProcessedRecord deadLetter(InputRecord input, InvalidInput cause) {
        List<ProducerRecord<byte[], byte[]>> smallestFirst = new ArrayList<>(deadLetters.of(input.record(), cause));
        Collections.reverse(smallestFirst);
        Optional<ProcessedRecord> result = Optional.empty();
        for (ProducerRecord<byte[], byte[]> variant : smallestFirst) {
            result = Optional.of(new ProcessedRecord(input, List.of(variant), Optional.of(cause), result));
        }
        return result.orElseThrow();
    }
}
