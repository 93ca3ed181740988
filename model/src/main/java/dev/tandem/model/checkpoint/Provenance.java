package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.Optional;

/** What made a checkpoint, for people. */
public final class Provenance {
    private Provenance() {}

    /** Version of this program, and what it runs on. */
    public static Map<String, String> ofThisProgram() {
        return Map.of(
                "tandem",
                        Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
                                .orElse("unpackaged"),
                "java", Runtime.version().toString(),
                "platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
