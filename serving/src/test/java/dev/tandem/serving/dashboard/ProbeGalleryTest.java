package dev.tandem.serving.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.config.Settings;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.serving.ModelClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ProbeGalleryTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(ProbeGallery.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @TempDir
    private Path checkpoints;

    @BeforeEach
    void recordTheLog() {
        appender.start();
        log.addAppender(appender);
    }

    @AfterEach
    void stopRecording() {
        log.detachAppender(appender);
    }

    @Test
    void onTrained_noModelRuns_omitsTheProbeWithoutAWarning() {
        probe(new ModelClient(Duration.ofMinutes(1))::preview);

        assertThat(appender.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    }

    @Test
    void onTrained_modelFails_logsTheCause() {
        probe((a, z) -> CompletableFuture.failedFuture(new IllegalStateException("broken")));

        assertThat(appender.list)
                .singleElement()
                .hasToString("[WARN] no probe of step 1: java.lang.IllegalStateException: broken");
    }

    /** Takes step 1, of which a probe is due. Both failures are logged before this returns. */
    private void probe(BiFunction<Tensor, Tensor, CompletionStage<TranslateReply>> preview) {
        Settings settings = TestSettings.tiny("http.probe-inputs=1");
        ProbeGallery gallery = new ProbeGallery(settings, checkpoints, preview, true);
        gallery.onPairDecoded(new TensorPair(Tensor.zeros(1, 3, 32, 32), Tensor.zeros(1, 3, 32, 32)));
        gallery.onTrained(RunStatusTest.step(1));
    }
}
