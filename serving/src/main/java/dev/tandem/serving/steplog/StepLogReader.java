package dev.tandem.serving.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tandem.model.train.StepLosses;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the losses of earlier runs from the step log. */
public final class StepLogReader {
    private static final Logger LOG = LoggerFactory.getLogger(StepLogReader.class);
    /** What the log is called when it is put aside. */
    private static final String OLDER = ".1";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader LOSSES = JSON.readerFor(StepLosses.class);

    private StepLogReader() {}

    /**
     * Every step up to one, in the order of the log, with the older file before it; lines that are none (a crash may cut one short) are passed over.
     *
     * @param upTo the step the model has reached: what was taken after it was lost in a crash
     */
    public static void read(Path log, long upTo, Consumer<LossPoint> to) {
        readFile(log.resolveSibling(log.getFileName() + OLDER), upTo, to);
        readFile(log, upTo, to);
    }

    private static void readFile(Path log, long upTo, Consumer<LossPoint> to) {
        if (!Files.isRegularFile(log)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(line, upTo, to);
            }
        } catch (IOException e) {
            LOG.warn("the curves begin with this run: {} cannot be read ({})", log, e.getMessage());
        }
    }

    private static void read(String line, long upTo, Consumer<LossPoint> to) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.has("losses") && node.path("step").asLong() <= upTo) {
                OptionalDouble diversity = node.has("diversity")
                        ? OptionalDouble.of(node.path("diversity").asDouble())
                        : OptionalDouble.empty();
                to.accept(new LossPoint(
                        node.path("step").asLong(),
                        node.path("pairs").asLong(),
                        LOSSES.readValue(node.path("losses")),
                        diversity));
            }
        } catch (IOException e) {
            LOG.debug("not a step: {}", line);
        }
    }
}
