package dev.tandem.model.engine;

import dev.tandem.config.SettingsException;

/** A model needs more memory than its device has. It counts as an invalid setting because a restart does not help. */
public final class DeviceMemoryException extends SettingsException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /**
     * @param problem what does not fit, a clause
     * @param remedy how to get more memory, a clause in the imperative
     */
    public DeviceMemoryException(String problem, String remedy) {
        super(message(problem, remedy, "train.batch-size"));
        this.problem = problem;
        this.remedy = remedy;
    }

    private DeviceMemoryException(Workload workload, DeviceMemoryException cause) {
        super(workload.description() + " failed: " + message(cause.problem, cause.remedy, workload.batchSetting()));
        this.problem = cause.problem;
        this.remedy = cause.remedy;
    }

    /** Returns the exception with batch size, image size, and the setting that changes the batch size. */
    DeviceMemoryException during(Workload workload) {
        return new DeviceMemoryException(workload, this);
    }

    private static String message(String problem, String remedy, String batchSetting) {
        return problem + "; " + remedy + ", or lower " + batchSetting + ", model.image-size or model.width";
    }
}
