package dev.tandem.engine.libtorch;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.MemoryBudget;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Provides the libtorch engine in single precision. */
public final class LibtorchProvider implements EngineProvider {
    static final String NAME = "libtorch";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DeviceSupport support(Device device) {
        return NativeLibrary.support(device);
    }

    @Override
    public Engine open(Device device, EngineOptions options) {
        MemoryBudget memory = options.maxOffHeap().isPresent()
                ? new MemoryBudget(options.maxOffHeap().getAsLong())
                : MemoryBudget.ofMachine();
        return new TorchEngine(
                new Placement("cpu", ScalarType.Float),
                options.device(),
                memory,
                new Instrument(options.operationTimes()));
    }
}
