package dev.tandem.app.run;

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
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.app.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** A file with one line of JSON for every step. Steps that are taken again after a crash are there again. */
final class StepLog implements Consumer<Trained> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final String NAME = "dev.tandem.steps.";

    private final ch.qos.logback.classic.Logger logger;

    /** @param size bytes at which the file is put aside, one older file being kept */
    StepLog(Path file, long size) {
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
    public void accept(Trained step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.step());
        line.put("pairs", step.pairs());
        line.put("losses", step.report().losses());
        line.put("klPerDimension", step.report().klPerDimension());
        Map<String, Double> norms = new TreeMap<>();
        step.report().gradientNorms().forEach((member, norm) -> norms.put(member.key(), norm));
        line.put("gradientNorms", norms);
        line.put("learningRate", step.report().learningRate());
        step.health().diversity().ifPresent(diversity -> line.put("diversity", diversity));
        line.put("alarms", step.health().alarms());
        try {
            logger.info("{}", JSON.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
