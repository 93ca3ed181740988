package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.StagedInput;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepReport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Announced pairs are staged during the step before, and read and freed in their step. */
class AnnouncedPairsTest {
    private static final Settings SETTINGS = TestSettings.tiny();

    /** {@code stage}, {@code read} and {@code close}, in their order. */
    private final List<String> events = new ArrayList<>();

    @Test
    void train_announcedPairs_areStagedOnceAndGiveTheSameStep() {
        try (BicycleGan announced = model(SETTINGS);
                BicycleGan other = BicycleGan.fresh(new TorchUnderTest().open(), SETTINGS)) {
            Tensor a = images(announced, "a");
            Tensor b = images(announced, "b");
            announced.announce(a, b);
            assertThat(events).isEmpty();
            trainOnOthers(announced);
            // The first and the last pair of two.
            assertThat(events).containsExactly("stage", "stage", "stage", "stage");
            events.clear();

            StepReport report = announced.train(a, b, Offsets.NONE);

            assertThat(events.stream().distinct()).containsExactly("read", "close");
            assertThat(events.stream().filter("close"::equals)).hasSize(4);
            trainOnOthers(other);
            assertThat(report).isEqualTo(other.train(a, b, Offsets.NONE));
        }
    }

    @Test
    void train_otherPairsThanAnnounced_freesTheAnnouncedOnesUnread() {
        try (BicycleGan model = model(SETTINGS);
                BicycleGan other = BicycleGan.fresh(new TorchUnderTest().open(), SETTINGS)) {
            model.announce(images(model, "a"), images(model, "b"));
            trainOnOthers(model);
            trainOnOthers(other);
            events.clear();

            StepReport report = trainOnOthers(model);

            assertThat(events).containsExactly("close", "close", "close", "close");
            assertThat(report).isEqualTo(trainOnOthers(other));
        }
    }

    @Test
    void train_announcedPairsOfAnotherBatchSize_areNotStaged() {
        try (BicycleGan model = model(SETTINGS)) {
            model.announce(images(model, "a").rows(0, 1), images(model, "b").rows(0, 1));
            trainOnOthers(model);

            assertThat(events).isEmpty();
        }
    }

    /** Past pairs join the announced ones. */
    @Test
    void train_replay_doesNotStage() {
        try (BicycleGan model = model(TestSettings.tiny("train.replay.capacity=3", "train.replay.share=0.5"))) {
            model.announce(images(model, "a"), images(model, "b"));
            trainOnOthers(model);

            assertThat(events).isEmpty();
        }
    }

    private static StepReport trainOnOthers(BicycleGan model) {
        return model.train(images(model, "other a"), images(model, "other b"), Offsets.NONE);
    }

    private static Tensor images(BicycleGan model, String name) {
        return Noise.gaussian(model.inputShape(2), 1, name);
    }

    private BicycleGan model(Settings settings) {
        Engine engine = new TorchUnderTest().open();
        Engine recording = (Engine) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) -> method.getName().equals("stage")
                        ? stage(engine.stage((Tensor) arguments[0]))
                        : method.invoke(engine, arguments));
        return BicycleGan.fresh(recording, settings);
    }

    private StagedInput stage(StagedInput staged) {
        events.add("stage");
        return new StagedInput() {
            @Override
            public Input input() {
                events.add("read");
                return staged.input();
            }

            @Override
            public void close() {
                events.add("close");
                staged.close();
            }
        };
    }
}
