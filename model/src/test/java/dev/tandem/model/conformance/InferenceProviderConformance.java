package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.engine.InferenceProvider;
import dev.tandem.model.engine.OperationTimes;
import dev.tandem.model.train.Noise;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The provider of an inference engine: it is registered, supports the device of the kit, and applies the options. */
public abstract class InferenceProviderConformance extends InferenceConformance {

    protected InferenceProviderConformance(InferenceUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void serviceLoader_engineOnTheClassPath_findsTheProvider() {
        InferenceProvider provider = engineUnderTest().provider();

        assertThat(ServiceLoader.load(InferenceProvider.class).stream().map(ServiceLoader.Provider::type))
                .contains(provider.getClass());
        assertThat(provider.support(engineUnderTest().device()).usable()).isTrue();
    }

    @Test
    void report_engineOnTheClassPath_isListedAsOneThatOnlyTranslates() {
        assertThat(Engines.report().engines())
                .filteredOn(engine ->
                        engine.name().equals(engineUnderTest().provider().name()))
                .singleElement()
                .satisfies(engine -> {
                    assertThat(engine.cpu()).isEqualTo("usable");
                    assertThat(engine.trains()).isFalse();
                });
    }

    @Test
    void open_deviceAndTimes_describesTheDeviceAndMeasuresRuns() {
        OperationTimes times = new OperationTimes();
        InferenceEngine engine = engineUnderTest()
                .open(EngineOptions.on("the device of the test").timedBy(times));
        try (BicycleGan model = BicycleGan.translating(engine, TestSettings.tiny(), Optional.empty())) {
            model.translate(Noise.gaussian(model.inputShape(1), 1, "a"), Noise.gaussian(model.latentShape(1), 1, "z"));

            assertThat(model.device()).isEqualTo("the device of the test");
            assertThat(model.engine())
                    .isEqualTo(engineUnderTest().provider().name())
                    .isEqualTo(model.liveEngine());
            assertThat(times.millis()).isNotEmpty();
            assertThat(times.millis().values()).allMatch(millis -> millis >= 0);
        }
    }
}
