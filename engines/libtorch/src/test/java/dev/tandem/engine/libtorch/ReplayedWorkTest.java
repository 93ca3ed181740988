package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tandem.engine.libtorch.GraphCapture.Graph;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What does not need a GPU: when work is captured, when it is replayed, and what follows a failure. */
class ReplayedWorkTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Graphs.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SimulatedCapture capture = new SimulatedCapture();
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeEach
    void recordTheLog() {
        log.start();
        LOG.addAppender(log);
        LOG.setLevel(Level.INFO);
    }

    @AfterEach
    void detach() {
        LOG.detachAppender(log);
        LOG.setLevel(null);
    }

    @Test
    void run_firstRuns_areEagerAndTheLaterOnesAreReplayed() {
        Graphs graphs = Graphs.by(() -> capture);
        ReplayedWork work = new ReplayedWork(graphs);

        IntStream.range(0, ReplayedWork.EAGER_RUNS).forEach(run -> work.run(runs::incrementAndGet));
        assertThat(capture.events()).isEmpty();
        assertThat(runs).hasValue(ReplayedWork.EAGER_RUNS);

        work.run(runs::incrementAndGet);
        work.run(() -> {
            throw new AssertionError("the graph must run, and not the code");
        });
        assertThat(runs).hasValue(ReplayedWork.EAGER_RUNS + 2);

        work.close();
        graphs.close();
        assertThat(capture.events()).containsExactly("capture", "replay", "replay", "close graph", "close");
    }

    @Test
    void run_twoWorks_haveOneGraphEach() {
        Graphs graphs = Graphs.by(() -> capture);
        ReplayedWork first = new ReplayedWork(graphs);
        ReplayedWork second = new ReplayedWork(graphs);

        runOften(first);
        runOften(second);

        assertThat(capture.events()).containsExactly("capture", "replay", "capture", "replay");
        assertLogged("phases are replayed as CUDA graphs");
    }

    @Test
    void run_graphsAreOff_isAlwaysEager() {
        ReplayedWork work = new ReplayedWork(Graphs.off());

        runOften(work);
        work.close();

        assertThat(Graphs.off().isEnabled()).isFalse();
        assertThat(runs).hasValue(ReplayedWork.EAGER_RUNS + 1);
        assertThat(log.list).isEmpty();
    }

    @Test
    void run_captureFails_isEagerWithOneWarningForAllWorks() {
        Graphs graphs = Graphs.by(() -> SimulatedCapture.failing(new IllegalStateException(
                "CUDA error: operation not permitted when stream is capturing\nException raised from c10_cuda_check")));
        AtomicInteger submissions = new AtomicInteger();
        ReplayedWork first = new ReplayedWork(graphs);
        ReplayedWork second = new ReplayedWork(graphs);

        for (int run = 0; run < 2 * ReplayedWork.EAGER_RUNS; run++) {
            first.run(submissions::incrementAndGet);
            second.run(submissions::incrementAndGet);
        }

        // One more: the capture that failed.
        assertThat(submissions).hasValue(4 * ReplayedWork.EAGER_RUNS + 1);
        assertThat(graphs.isEnabled()).isFalse();
        assertLogged("CUDA graphs are not used: CUDA error: operation not permitted when stream is capturing;"
                + " set model.cuda-graphs=off to silence this");
    }

    @Test
    void run_libraryIsMissing_isEager() {
        Graphs graphs = Graphs.by(() -> {
            throw new UnsatisfiedLinkError("no jnicudart in java.library.path");
        });

        runOften(new ReplayedWork(graphs));

        assertThat(runs).hasValue(ReplayedWork.EAGER_RUNS + 1);
        assertLogged("CUDA graphs are not used: no jnicudart in java.library.path;"
                + " set model.cuda-graphs=off to silence this");
    }

    @Test
    void run_firstReplayFails_closesTheGraphAndIsEager() {
        AtomicInteger closed = new AtomicInteger();
        ReplayedWork work = new ReplayedWork(Graphs.by(() -> new GraphCapture() {
            @Override
            public Graph capture(Runnable code) {
                return new Graph() {
                    @Override
                    public void replay() {
                        throw new IllegalStateException("CUDA error: out of memory");
                    }

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                };
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        }));

        runOften(work);
        work.close();

        assertThat(closed).hasValue(1);
        assertThat(runs).hasValue(ReplayedWork.EAGER_RUNS + 1);
        assertLogged("CUDA graphs are not used: CUDA error: out of memory; set model.cuda-graphs=off to silence this");
    }

    @Test
    void run_codeFails_throwsItsErrorAndNotThatOfTheCapture() {
        ReplayedWork work = new ReplayedWork(Graphs.by(() -> SimulatedCapture.failing(new IllegalStateException())));
        runOften(work);

        assertThatThrownBy(() -> work.run(() -> {
                    throw new IllegalArgumentException("the step failed");
                }))
                .hasMessage("the step failed");
    }

    private void runOften(ReplayedWork work) {
        IntStream.rangeClosed(0, ReplayedWork.EAGER_RUNS).forEach(run -> work.run(runs::incrementAndGet));
    }

    private void assertLogged(String message) {
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(message);
    }
}
