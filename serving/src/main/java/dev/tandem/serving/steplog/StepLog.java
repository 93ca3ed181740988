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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/**
 * A file with one line of JSON for every step. Steps that are taken again after a crash are there again; what a
 * checkpoint holds is the last line of each step up to its own.
 */
public final class StepLog implements AuditLog {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final String NAME = "dev.tandem.steps.";

    private final ch.qos.logback.classic.Logger logger;

    /** @param size bytes at which the file is put aside, one older file being kept */
    public StepLog(Path file, long size) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        String path = file.toAbsolutePath().toString();
        this.logger = context.getLogger(NAME + path);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.detachAndStopAllAppenders();
        RollingFileAppender<ILoggingEvent> appender = appender(context, path, size);
        if (!appender.isStarted()) {
            throw new UserError("cannot write " + path + "; set health.step-log to another name, or to nothing");
        }
        logger.addAppender(appender);
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, String file, long size) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);

        PatternLayoutEncoder line = new PatternLayoutEncoder();
        line.setContext(context);
        line.setPattern("%msg%n");
        line.start();
        appender.setEncoder(line);

        FixedWindowRollingPolicy oneOlder = new FixedWindowRollingPolicy();
        oneOlder.setContext(context);
        oneOlder.setParent(appender);
        oneOlder.setFileNamePattern(file + ".%i");
        oneOlder.setMinIndex(1);
        oneOlder.setMaxIndex(1);
        oneOlder.start();
        appender.setRollingPolicy(oneOlder);

        SizeBasedTriggeringPolicy<ILoggingEvent> atSize = new SizeBasedTriggeringPolicy<>();
        atSize.setContext(context);
        atSize.setMaxFileSize(new FileSize(size));
        atSize.start();
        appender.setTriggeringPolicy(atSize);
        appender.start();
        return appender;
    }

    @Override
    public void logStep(Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {
        Map<String, Object> line = line(records, step, pairs);
        line.put("losses", report.losses());
        line.put("klPerDimension", report.klPerDimension());
        Map<String, Double> norms = new TreeMap<>();
        report.gradientNorms().forEach((member, norm) -> norms.put(member.key(), norm));
        line.put("gradientNorms", norms);
        line.put("learningRate", report.learningRate());
        health.diversity().ifPresent(diversity -> line.put("diversity", diversity));
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

    /** Offsets as ranges, the first of each and the one behind its last. */
    static List<long[]> ranges(List<Long> offsets) {
        List<long[]> ranges = new ArrayList<>();
        for (long offset : offsets) {
            long[] last = ranges.isEmpty() ? new long[] {-1, -1} : ranges.get(ranges.size() - 1);
            if (last[1] == offset) {
                last[1]++;
            } else {
                ranges.add(new long[] {offset, offset + 1});
            }
        }
        return ranges;
    }

    private void write(Map<String, Object> line) {
        try {
            logger.info("{}", JSON.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
