package dev.tandem.testkit.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Optional programs of this machine. A test that needs a missing one is skipped. */
public final class InstalledTools {
    private InstalledTools() {}

    /** The first of the programs that is on the {@code PATH}. */
    public static Optional<Path> find(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
