package dev.tandem.model.engine;

import dev.tandem.config.SettingsException;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the providers of engines on the class path. */
final class Providers {
    private Providers() {}

    /** @throws SettingsException if a provider cannot be loaded */
    static <P> List<P> load(Class<P> type) {
        try {
            return ServiceLoader.load(type, Providers.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new SettingsException(
                    "an engine on the class path cannot be loaded (" + e.getMessage() + "); remove or reinstall it");
        }
    }
}
