package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.config.TopicSettings;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import dev.tandem.pipeline.emit.TranslationRecords;
import dev.tandem.pipeline.offsets.SourcesTopic;
import dev.tandem.pipeline.transaction.InputRecord;
import dev.tandem.pipeline.transaction.ProcessedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Creates the result of a request: its translations or its dead letter. */
final class TranslationResults {
    private final TopicSettings topics;
    private final TranslationRecords translations;
    private final DeadLetterRecords deadLetters;
    private final byte[] sourcesId;

    TranslationResults(TopicSettings topics, SourcesTopic sources) {
        this.topics = topics;
        this.sourcesId = sources.id().getBytes(StandardCharsets.UTF_8);
        this.translations = new TranslationRecords(topics.translations());
        this.deadLetters = new DeadLetterRecords(topics.deadLetters());
    }

    /** Returns the translations; if their topic rejects them, a dead letter is sent instead. */
    ProcessedRecord translated(PreparedRequest.Valid request, Result result) {
        ConsumerRecord<byte[], byte[]> record = request.input().record();
        TranslationRequest content = request.content();
        List<ProducerRecord<byte[], byte[]>> outputs = content.pathLatents().isEmpty()
                ? translations.of(record, result, content.seed())
                : List.of(translations.animation(
                        record, result, content.seed(), content.pathLatents().getAsInt()));
        return result(
                request.input(),
                outputs,
                Optional.empty(),
                Optional.of(rejection -> deadLetter(
                        request.input(),
                        KafkaFailures.isTooLarge(rejection) ? tooLarge(outputs) : refused(record, rejection))));
    }

    private InvalidInput refused(ConsumerRecord<byte[], byte[]> request, Throwable rejection) {
        String fix = request.key() == null ? "; send requests with a key, or correct the settings of the topic" : "";
        return new InvalidInput(
                Reason.REFUSED_BY_TOPIC,
                "the topic " + topics.translations() + " refuses the translation: " + KafkaFailures.message(rejection)
                        + fix);
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

    /** Returns the dead letter of a request, with smaller variants to send if its topic rejects it. */
    ProcessedRecord deadLetter(InputRecord input, InvalidInput cause) {
        List<ProducerRecord<byte[], byte[]>> smallestFirst = new ArrayList<>(deadLetters.of(input.record(), cause));
        Collections.reverse(smallestFirst);
        Optional<ProcessedRecord> result = Optional.empty();
        for (ProducerRecord<byte[], byte[]> variant : smallestFirst) {
            Optional<Function<Throwable, ProcessedRecord>> smaller = result.map(next -> rejection -> next);
            result = Optional.of(result(input, List.of(variant), Optional.of(cause), smaller));
        }
        return result.orElseThrow();
    }

    private ProcessedRecord result(
            InputRecord input,
            List<ProducerRecord<byte[], byte[]>> outputs,
            Optional<InvalidInput> invalid,
            Optional<Function<Throwable, ProcessedRecord>> alternative) {
        outputs.forEach(output -> output.headers().add(Records.SOURCE_TOPIC_ID, sourcesId));
        return new ProcessedRecord(input, outputs, invalid, alternative);
    }
}
