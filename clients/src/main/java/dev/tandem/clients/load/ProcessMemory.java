package dev.tandem.clients.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory figures of a process from {@code /proc}. On systems without {@code /proc} they are empty.
 *
 * @param folder the folder of the process
 */
public record ProcessMemory(Path folder) {
    private static final Path PROCESSES = Path.of("/proc");
    /** Position of the field {@code minflt} in the fields after the process name. */
    private static final int MINOR_FAULTS_FIELD = 7;

    public static ProcessMemory ofThisProcess() {
        return of(ProcessHandle.current().pid());
    }

    public static ProcessMemory of(long pid) {
        return new ProcessMemory(PROCESSES.resolve(Long.toString(pid)));
    }

    /** The maximum of resident memory since the process started, KiB. */
    public OptionalLong peakResident() {
        return status("VmHWM");
    }

    /** The resident memory now, KiB. */
    public OptionalLong resident() {
        return status("VmRSS");
    }

    /** Minor page faults since the process started: pages touched for the first time, without disk access. */
    public OptionalLong minorFaults() {
        return read("stat")
                // The process name is in parentheses and may contain spaces.
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).trim().split(" "))
                .map(fields -> OptionalLong.of(Long.parseLong(fields[MINOR_FAULTS_FIELD])))
                .orElseGet(OptionalLong::empty);
    }

    private OptionalLong status(String name) {
        return read("status")
                .map(status -> status.lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst())
                .orElseGet(OptionalLong::empty);
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(folder.resolve(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
