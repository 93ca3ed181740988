package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TrainQueueTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final TestProbe<TrainReply> replies = KIT.createTestProbe();
    private final List<Long> trained = new ArrayList<>();
    private final List<Long> announced = new ArrayList<>();
    private final List<Long> skipped = new ArrayList<>();
    private final Set<Long> diverging = new HashSet<>();
    private int requests;

    private final TrainQueue queue =
            new TrainQueue(this::train, skip -> skipped.add(number(skip.nextOffsets())), () -> requests++);

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void takeStep_severalBatchesWaiting_takesThemInOrderAndRequestsOneStepAtATime() {
        queue.add(batch(1));
        queue.add(batch(2));
        queue.add(batch(3));
        assertThat(requests).isEqualTo(1);

        queue.takeStep();
        assertThat(trained).containsExactly(1L);
        assertThat(requests).isEqualTo(2);
        queue.takeStep();
        queue.takeStep();

        assertThat(trained).containsExactly(1L, 2L, 3L);
        assertThat(announced).containsExactly(2L, 3L);
        assertThat(requests).isEqualTo(3);
    }

    @Test
    void takeStep_batchWithoutAStep_laterBatchesWaitUntilItIsSkipped() {
        diverging.add(1L);
        queue.add(batch(1));
        queue.takeStep();
        queue.add(batch(2));

        replies.expectMessageClass(Diverged.class, TIMEOUT);
        assertThat(requests).isEqualTo(1);
        queue.skip(new Skip(
                offsets(1),
                Map.of(),
                "not finite",
                KIT.<ModelActor.Skipped>createTestProbe().ref()));
        assertThat(requests).isEqualTo(2);
        queue.takeStep();

        assertThat(skipped).containsExactly(1L);
        assertThat(trained).containsExactly(1L, 2L);
        replies.expectMessageClass(Trained.class, TIMEOUT);
    }

    private TrainReply train(Train batch, Optional<Train> upcoming) {
        long number = number(batch.nextOffsets());
        trained.add(number);
        upcoming.ifPresent(next -> announced.add(number(next.nextOffsets())));
        StepReport report = new StepReport(new StepLosses(0, 0, 0, 0, 0, 0, 0), List.of(), Map.of(), 0);
        return diverging.contains(number)
                ? new Diverged("not finite", Health.UNKNOWN)
                : new Trained(number, number, 0, report, Health.UNKNOWN, Duration.ZERO, Optional.empty());
    }

    private Train batch(long number) {
        return new Train(Tensor.zeros(1), Tensor.zeros(1), offsets(number), Map.of(), replies.ref());
    }

    private static Offsets offsets(long number) {
        return new Offsets(Map.of(new Partition("pairs", 0), number));
    }

    private static long number(Offsets offsets) {
        return offsets.of(new Partition("pairs", 0)).orElseThrow();
    }
}
