package dev.tandem.model.engine;

import dev.tandem.config.ImageSize;
import dev.tandem.config.Settings;
import java.util.function.Supplier;

/**
 * A computation of a model, for messages about memory.
 *
 * @param name what is computed, for example {@code training}
 * @param batchSetting key of the setting that limits the batch
 * @param batch number of images that are computed together
 */
public record Workload(String name, String batchSetting, int batch, ImageSize imageSize) {

    /** Training with the batches of the settings. */
    public static Workload training(Settings settings) {
        return training(settings, settings.train().batchSize());
    }

    public static Workload training(Settings settings, int batch) {
        return new Workload(
                "training", "train.batch-size", batch, settings.model().imageSize());
    }

    /** Translating with the batches of the settings. */
    public static Workload translation(Settings settings) {
        return translation(settings, settings.translate().batchSize());
    }

    public static Workload translation(Settings settings, int batch) {
        return new Workload(
                "translation", "translate.batch-size", batch, settings.model().imageSize());
    }

    /** Measuring the diversity of translations. */
    public static Workload diversity(Settings settings, int batch) {
        return new Workload(
                "diversity probe",
                "health.probe-samples",
                batch,
                settings.model().imageSize());
    }

    /** Measuring the model on held-out pairs. */
    public static Workload validation(Settings settings, int batch) {
        return new Workload(
                "validation",
                "train.validation.samples",
                batch,
                settings.model().imageSize());
    }

    /**
     * Runs the computation.
     *
     * @throws DeviceMemoryException in one line with batch size, image size and remedy if the device has too little memory
     */
    public <R> R run(Supplier<R> computation) {
        try {
            return computation.get();
        } catch (DeviceMemoryException e) {
            throw e.during(this);
        }
    }

    /** Runs the computation, as {@link #run(Supplier)} does. */
    public void run(Runnable computation) {
        run(() -> {
            computation.run();
            return this;
        });
    }

    String description() {
        return name + " with batch size " + batch + " and image size " + imageSize;
    }
}
