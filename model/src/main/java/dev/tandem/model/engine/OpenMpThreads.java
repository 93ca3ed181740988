package dev.tandem.model.engine;

import dev.tandem.config.SettingsException;
import java.util.Map;

/** The number of threads of the model on the CPU. OpenMP's variable sets it for every native library. */
public final class OpenMpThreads {
    private static final String VARIABLE = "OMP_NUM_THREADS";

    private OpenMpThreads() {}

    /** @throws SettingsException if the variable of this process is no number that all libraries accept */
    static void require() {
        of(System.getenv());
    }

    /**
     * The number that the variable sets, or else the processors of the machine or container.
     *
     * @param environment the environment variables
     * @throws SettingsException if the variable is no number that all libraries accept
     */
    public static int of(Map<String, String> environment) {
        String value = environment.getOrDefault(VARIABLE, "");
        if (value.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new SettingsException("the environment variable " + VARIABLE + " is '" + value
                    + "'; set it to a number of threads from 1 to 9999, or remove it to use all processors");
        }
        return Integer.parseInt(value);
    }
}
