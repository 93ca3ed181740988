package dev.tandem.datasets;

import dev.tandem.config.UserError;

/** The data sets by name. */
public final class Datasets {
    private Datasets() {}

    /** @throws UserError if there is none of that name */
    public static Dataset named(String name, long seed) {
        return switch (name) {
            case "openmoji" -> OpenMoji.load();
            case "shapes" -> Shapes.draw(seed);
            default ->
                throw new UserError("\"" + name + "\" is no folder and no data set; there are openmoji and shapes");
        };
    }
}
