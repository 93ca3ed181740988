package dev.tandem.serving.steplog;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.actors.AuditLog;
import dev.tandem.config.UserError;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log to a file, {@code steps.jsonl} by default: one line of JSON per training step.
 *
 * <p>After a crash the run repeats the steps since the newest checkpoint, and their lines appear again. The history of a
 * checkpoint is the last line of each step, up to the step of the checkpoint.
 */
public final class StepLog implements AuditLog {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    /** Suffix of the name that the file gets when it reaches its maximum size. */
    static final String ROLLED_SUFFIX = ".1";

    private static final Logger LOG = LoggerFactory.getLogger(StepLog.class);
    private static final String LOGGER_PREFIX = "dev.tandem.steps.";

    private final ch.qos.logback.classic.Logger logger;
    private final Path file;
    private final long maxBytes;
    /** Identity of the file that was last written to. */
    private Optional<Object> key;

    /**
     * Opens the file and appends to it. A file that is removed or replaced later is created again, with a warning.
     *
     * @param maxBytes size at which the file is rolled: it is renamed to {@code FILE.1}, which replaces the one before
     * @throws UserError if the file cannot be written
     */
    public StepLog(Path file, long maxBytes) {
        this.file = file.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(LOGGER_PREFIX + this.file);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        open();
        this.key = key();
    }

    private void open() {
        logger.detachAndStopAllAppenders();
        // Opening a FIFO would block.
        boolean regular = !Files.exists(file) || Files.isRegularFile(file);
        if (regular) {
            logger.addAppender(appender(logger.getLoggerContext(), file.toString(), maxBytes));
        }
        if (!regular || !logger.iteratorForAppenders().next().isStarted()) {
            throw new UserError("cannot write the step log " + file
                    + "; make it a writable file, or set health.step-log to another name (empty: no step log)");
        }
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, String file, long maxBytes) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);
        appender.setEncoder(encoder(context));
        appender.setRollingPolicy(oneRolledFile(context, appender, file));
        appender.setTriggeringPolicy(maxSize(context, maxBytes));
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        return encoder;
    }

    private static FixedWindowRollingPolicy oneRolledFile(
            LoggerContext context, RollingFileAppender<ILoggingEvent> appender, String file) {
        FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%i");
        policy.setMinIndex(1);
        policy.setMaxIndex(1);
        policy.start();
        return policy;
    }

    private static SizeBasedTriggeringPolicy<ILoggingEvent> maxSize(LoggerContext context, long maxBytes) {
        SizeBasedTriggeringPolicy<ILoggingEvent> policy = new SizeBasedTriggeringPolicy<>();
        policy.setContext(context);
        policy.setMaxFileSize(new FileSize(maxBytes));
        policy.start();
        return policy;
    }

    @Override
    public void logStep(Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {
        Map<String, Object> line = line(records, step, pairs);
        line.put("losses", report.losses());
        line.put("klPerDimension", report.klPerDimension());
        Map<String, Double> norms = new TreeMap<>();
        report.gradientNorms().forEach((network, norm) -> norms.put(network.key(), norm));
        line.put("gradientNorms", norms);
        line.put("learningRate", report.learningRate());
        health.diversity().ifPresent(diversity -> line.put("diversity", diversity));
        health.score().filter(score -> score.step() == step).ifPresent(score -> line.put("validation", score));
        line.put("alarms", health.alarms());
        write(line);
    }

    @Override
    public void logSkippedBatch(Map<Partition, List<Long>> records, long step, long pairs, String reason) {
        Map<String, Object> line = line(records, step, pairs);
        line.put("notTaken", reason);
        write(line);
    }

    private static Map<String, Object> line(Map<Partition, List<Long>> records, long step, long pairs) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("pairs", pairs);
        Map<String, List<long[]>> ranges = new TreeMap<>();
        records.forEach((partition, offsets) -> ranges.put(partition.toString(), ranges(offsets)));
        line.put("records", ranges);
        return line;
    }

    /** Offsets as ranges: the first offset and the next offset after the last one. */
    private static List<long[]> ranges(List<Long> offsets) {
        List<long[]> ranges = new ArrayList<>();
        for (long offset : offsets) {
            long[] last = ranges.isEmpty() ? new long[] {-1, -1} : ranges.get(ranges.size() - 1);
            if (offset == last[1]) {
                last[1]++;
            } else {
                ranges.add(new long[] {offset, offset + 1});
            }
        }
        return ranges;
    }

    private void write(Map<String, Object> line) {
        if (!key().equals(key)) {
            LOG.warn("the step log {} was removed or replaced during the run; it is opened again", file);
            open();
        }
        try {
            logger.info("{}", JSON.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        key = key();
    }

    /** Empty if there is no file, or the file system has no keys. */
    private Optional<Object> key() {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
