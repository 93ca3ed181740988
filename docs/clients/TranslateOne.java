import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Translates one image through Kafka. Usage: java -cp 'lib/*' TranslateOne.java localhost:9092 drawing.png 3 */
public class TranslateOne {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3 || !arguments[2].matches("[1-9][0-9]{0,2}")) {
            fail("usage: TranslateOne.java BROKER:PORT IMAGE SAMPLES");
        }
        try {
            translate(arguments[0], Files.readAllBytes(Path.of(arguments[1])), Integer.parseInt(arguments[2]));
        } catch (IOException | InvalidPathException e) {
            fail("cannot read " + arguments[1] + " or write the translations (" + e + ")");
        } catch (ExecutionException e) {
            fail("cannot send to the topic sources at " + arguments[0] + " (" + e.getCause().getMessage()
                    + "); check that a broker answers there and that the topic exists");
        } catch (KafkaException | IllegalStateException e) {
            fail(e.getMessage());
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    private static void translate(String brokers, byte[] picture, int samples) throws Exception {
        String key = UUID.randomUUID().toString();

        var writing = Map.<String, Object>of("bootstrap.servers", brokers, "max.block.ms", 10_000);
        var reading = Map.<String, Object>of(
                "bootstrap.servers", brokers,
                "group.id", key,
                // Skip translations of aborted transactions.
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        try (var producer = new KafkaProducer<>(
                        writing, new StringSerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer())) {
            var request = new ProducerRecord<>("sources", key, picture);
            request.headers().add("tandem-samples", Integer.toString(samples).getBytes());
            producer.send(request).get();

            consumer.subscribe(List.of("translations"));
            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            for (int received = 0; received < samples; ) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("no translation arrived; an invalid image is in the topic dead-letters");
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (key.equals(record.key())) {
                        received++;
                        Files.write(Path.of("translation-" + received + ".png"), record.value());
                        String model = new String(record.headers().lastHeader("tandem-model").value());
                        System.out.println("translation-" + received + ".png by " + model);
                    }
                }
            }
        }
    }
}
