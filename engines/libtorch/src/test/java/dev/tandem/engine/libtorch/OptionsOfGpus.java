package dev.tandem.engine.libtorch;

import dev.tandem.config.Device;
import dev.tandem.model.conformance.EngineUnderTest;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The libtorch engine on the CPU with options that programs choose only on a GPU.
 *
 * @param channelsLast as in {@link Placement}
 * @param graphs makes the graphs of each engine
 */
record OptionsOfGpus(boolean channelsLast, Supplier<Graphs> graphs) implements EngineUnderTest {

    static OptionsOfGpus withChannelsLast() {
        return new OptionsOfGpus(true, Graphs::off);
    }

    static OptionsOfGpus withReplay() {
        return new OptionsOfGpus(false, () -> Graphs.by(SimulatedCapture::new));
    }

    @Override
    public EngineProvider provider() {
        return new LibtorchProvider();
    }

    @Override
    public Engine open(EngineOptions options) {
        return TorchUnderTest.open(placement(ScalarType.Float), options.limits(), graphs.get());
    }

    @Override
    public Engine openDoublePrecision() {
        return open(placement(ScalarType.Double));
    }

    private Engine open(Placement placement) {
        return TorchUnderTest.open(placement, EngineOptions.on("test").limits(), graphs.get());
    }

    private Placement placement(ScalarType type) {
        return LibtorchProvider.placement(Device.CPU, type, channelsLast);
    }

    @Override
    public double gradientTolerance(String goldenCase) {
        return new TorchUnderTest().gradientTolerance(goldenCase);
    }
}
