package dev.tandem.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Memory figures of this process from {@code /proc}. On systems without {@code /proc} they are empty. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path STAT = Path.of("/proc/self/stat");
    /** Position of the field {@code minflt} in the fields after the process name. */
    private static final int MINOR_FAULTS_FIELD = 7;

    private ProcessMemory() {}

    /** The maximum of resident memory since the process started, KiB. */
    public static OptionalLong peakResident() {
        return status("VmHWM");
    }

    /** The resident memory now, KiB. */
    public static OptionalLong resident() {
        return status("VmRSS");
    }

    /** Minor page faults since the process started: pages touched for the first time, without disk access. */
    public static OptionalLong minorFaults() {
        return read(STAT)
                // The process name is in parentheses and may contain spaces.
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).trim().split(" "))
                .map(fields -> OptionalLong.of(Long.parseLong(fields[MINOR_FAULTS_FIELD])))
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
