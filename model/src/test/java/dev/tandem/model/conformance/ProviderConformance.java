package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.OperationTimes;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The provider of an engine: it is registered, supports the device of the kit, and applies the options. */
public abstract class ProviderConformance extends EngineConformance {

    protected ProviderConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void serviceLoader_engineOnTheClassPath_findsTheProvider() {
        EngineProvider provider = engineUnderTest().provider();

        assertThat(ServiceLoader.load(EngineProvider.class).stream().map(ServiceLoader.Provider::type))
                .contains(provider.getClass());
        assertThat(provider.name()).isNotBlank();
        assertThat(provider.support(engineUnderTest().device()).usable()).isTrue();
    }

    @Test
    void open_deviceAndTimes_describesTheDeviceAndMeasuresOperations() {
        OperationTimes times = new OperationTimes();
        Engine engine = engineUnderTest()
                .open(EngineOptions.on("the device of the test").timedBy(times));
        try (BicycleGan model = BicycleGan.fresh(engine, TestSettings.tiny())) {
            trainOnNoise(model);

            assertThat(engine.device()).isEqualTo("the device of the test");
            assertThat(times.millis()).isNotEmpty();
            assertThat(times.millis().values()).allMatch(millis -> millis >= 0);
        }
    }
}
