package dev.tandem.model.conformance;

import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import java.util.OptionalLong;

/**
 * The engine that the conformance kit tests. An engine module implements it once.
 *
 * <p>Every engine must pass the whole kit. For an engine that lacks a capability, add a method to this interface that
 * declares it, and let the affected tests check that method.
 */
public interface EngineUnderTest {

    /** The provider that programs find through {@link java.util.ServiceLoader}. */
    EngineProvider provider();

    /** Opens the engine in double precision: finite differences in single precision are too inexact. */
    Engine openDoublePrecision();

    /** The device on which the kit runs the engine. */
    default Device device() {
        return Device.CPU;
    }

    /**
     * The largest relative error of a gradient in single precision, by the name of a golden case. An activation near the
     * kink at 0 can round to its other side than in PyTorch. The kit compares each case in double precision, too.
     */
    default double gradientTolerance(String goldenCase) {
        return ParityReport.GRADIENT_TOLERANCE;
    }

    /** Opens the engine in single precision, as programs do. */
    default Engine open() {
        return open(EngineOptions.on("conformance kit"));
    }

    /**
     * Opens the engine in single precision with a limit of the memory on its device.
     *
     * @param maxBytes limit in bytes
     */
    default Engine open(long maxBytes) {
        OptionalLong limit = OptionalLong.of(maxBytes);
        return open(EngineOptions.on("conformance kit").with(new MemoryLimits(limit, limit)));
    }

    /** Opens the engine in single precision with options. */
    default Engine open(EngineOptions options) {
        return provider().open(device(), options);
    }
}
