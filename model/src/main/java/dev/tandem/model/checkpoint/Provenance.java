package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.Optional;

/** Describes the program that writes a checkpoint, for information only. */
public final class Provenance {
    private Provenance() {}

    /** The versions of Tandem and Java, and the platform. */
    public static Map<String, String> ofThisProgram() {
        return Map.of(
                "tandem",
                        Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
                                .orElse("unpackaged"),
                "java", Runtime.version().toString(),
                "platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
