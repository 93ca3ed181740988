package dev.tandem.serving.steplog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tandem.config.FileFault;
import dev.tandem.model.train.StepLosses;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the losses of earlier runs from the step log, the file that {@link StepLog} writes. */
public final class StepLogReader {
    private static final Logger LOG = LoggerFactory.getLogger(StepLogReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader LOSSES = JSON.readerFor(StepLosses.class);

    private StepLogReader() {}

    /**
     * Passes each training step to the consumer, in the order of the log, the rolled file first.
     *
     * <p>Lines without losses are skipped: they record a batch without a step, or a crash cut them short. A file that
     * cannot be read is logged and skipped.
     *
     * @param lastStep step of the resumed checkpoint; later lines belong to steps that a crash has undone
     */
    public static void read(Path log, long lastStep, Consumer<LossPoint> consumer) {
        readFile(log.resolveSibling(log.getFileName() + StepLog.ROLLED_SUFFIX), lastStep, consumer);
        readFile(log, lastStep, consumer);
    }

    private static void readFile(Path log, long lastStep, Consumer<LossPoint> consumer) {
        if (!Files.isRegularFile(log)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                readLine(line, lastStep, consumer);
            }
        } catch (IOException e) {
            LOG.warn(
                    "cannot read the step log {} ({}); the curves of the dashboard lack its steps",
                    log,
                    FileFault.reason(e, log));
        }
    }

    private static OptionalDouble number(JsonNode node, String path) {
        JsonNode value = node.at(path);
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    private static void readLine(String line, long lastStep, Consumer<LossPoint> consumer) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.has("losses") && node.path("step").asLong() <= lastStep) {
                consumer.accept(new LossPoint(
                        node.path("step").asLong(),
                        node.path("pairs").asLong(),
                        LOSSES.readValue(node.path("losses")),
                        number(node, "/diversity"),
                        number(node, "/validation/nearestL1")));
            }
        } catch (IOException e) {
            LOG.debug("skipped a line of the step log that is not a step: {}", line);
        }
    }
}
