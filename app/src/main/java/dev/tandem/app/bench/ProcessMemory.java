package dev.tandem.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What the operating system says of this process's memory; nothing where it has no {@code /proc}. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final int MINOR_FAULTS_BEHIND_NAME = 8;

    private ProcessMemory() {}

    /** The most memory that was resident at any time, KiB. */
    public static OptionalLong peakResident() {
        return status("VmHWM");
    }

    /** The memory that is resident now, KiB. */
    public static OptionalLong resident() {
        return status("VmRSS");
    }

    /** Pages that were touched for the first time since the process began. */
    public static OptionalLong minorFaults() {
        return read(STAT)
                // The name is in brackets and may have spaces.
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).trim().split(" "))
                .map(fields -> OptionalLong.of(Long.parseLong(fields[MINOR_FAULTS_BEHIND_NAME - 1])))
                .orElseGet(OptionalLong::empty);
    }

    private static OptionalLong status(String name) {
        return read(STATUS)
                .map(status -> status.lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst())
                .orElseGet(OptionalLong::empty);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
