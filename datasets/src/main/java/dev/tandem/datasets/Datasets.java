package dev.tandem.datasets;

import dev.tandem.config.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the built-in data sets by name. */
public final class Datasets {
    private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);

    private Datasets() {}

    /**
     * Loads or generates a data set.
     *
     * @param seed seed of generated data
     * @throws UserError if no data set has this name
     */
    public static Dataset named(String name, long seed) {
        return switch (name) {
            case "openmoji" -> {
                LOG.info("loading the data set openmoji; this takes some seconds");
                yield OpenMoji.load();
            }
            case "shapes" -> Shapes.generate(seed);
            default ->
                throw new UserError(
                        "\"" + name + "\" is neither a folder nor a data set; the data sets are openmoji and shapes");
        };
    }
}
