package dev.tandem.engine.libtorch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Computes convolutions and matrix products in bfloat16, if enabled. libtorch then converts their operands, and keeps each
 * converted weight until the code ends.
 */
record Autocast(DeviceType device, boolean enabled) {

    void during(Runnable code) {
        if (!enabled) {
            code.run();
            return;
        }
        torch.set_autocast_dtype(device, ScalarType.BFloat16);
        torch.set_autocast_enabled(device, true);
        try {
            code.run();
        } finally {
            torch.set_autocast_enabled(device, false);
            torch.clear_cache();
        }
    }
}
