package dev.tandem.engine.libtorch;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import org.bytedeco.javacpp.Loader;

/** Finds out whether libtorch's native library can be used, without loading it. */
final class NativeLibrary {
    private NativeLibrary() {}

    static DeviceSupport support(Device device) {
        if (device.kind() == Device.Kind.CUDA) {
            return DeviceSupport.unusable("this version uses libtorch on CPUs only");
        }
        return isPresent()
                ? DeviceSupport.cpu()
                : DeviceSupport.unusable("this build has no libtorch for " + Loader.getPlatform());
    }

    private static boolean isPresent() {
        String resource = "org/bytedeco/pytorch/" + Loader.getPlatform() + "/" + System.mapLibraryName("torch_cpu");
        return NativeLibrary.class.getClassLoader().getResource(resource) != null;
    }
}
