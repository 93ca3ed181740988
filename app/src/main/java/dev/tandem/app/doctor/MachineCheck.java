package dev.tandem.app.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.train.ReplayBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Java, memory, cores, the model's device, the checkpoint folder and the HTTP port. */
record MachineCheck(Settings settings) {
    private static final int OLDEST_JAVA = 17;
    private static final long MIB = 1L << 20;
    private static final long LITTLE_HEAP = 384 * MIB;
    private static final long LITTLE_BESIDE = 1536 * MIB;
    private static final long LITTLE_DISK = 2048 * MIB;

    List<Finding> findings() {
        return List.of(java(), heap(), replay(), beside(), cores(), backend(), folder(), disk(), port());
    }

    private static Finding java() {
        String found = System.getProperty("java.vendor") + " " + System.getProperty("java.version");
        return Runtime.version().feature() >= OLDEST_JAVA
                ? Finding.ok("Java", found)
                : Finding.fail("Java", found, "install a JDK " + OLDEST_JAVA + " or newer, or set JAVA_HOME to one");
    }

    private static Finding heap() {
        long heap = Runtime.getRuntime().maxMemory();
        String found = heap / MIB + " MiB at most";
        return heap >= LITTLE_HEAP
                ? Finding.ok("heap", found)
                : Finding.warn("heap", found, "set TANDEM_JAVA_OPTS=-Xmx1g, or use small pictures");
    }

    private Finding replay() {
        int capacity = settings.train().replay().capacity();
        try {
            ReplayBuffer.requireRoom(settings, Runtime.getRuntime().maxMemory());
            return Finding.ok("replay", capacity == 0 ? "off" : capacity + " past pairs fit into the heap");
        } catch (SettingsException e) {
            return Finding.fail("replay", e.getMessage(), "lower train.replay.capacity, or raise -Xmx");
        }
    }

    private static Finding beside() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long beside = machine.getTotalMemorySize() - Runtime.getRuntime().maxMemory();
        String found = machine.getTotalMemorySize() / MIB + " MiB in all, " + beside / MIB + " beside the heap";
        return beside >= LITTLE_BESIDE
                ? Finding.ok("memory", found)
                : Finding.warn(
                        "memory",
                        found,
                        "the model lives beside the heap: lower -Xmx in TANDEM_JAVA_OPTS, or model.width");
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores > 1
                ? Finding.ok("cores", Integer.toString(cores))
                : Finding.warn("cores", "1", "give it two: decoding and learning will take turns on one");
    }

    private Finding backend() {
        try (Engine engine = Engines.open(settings.model().device())) {
            return Finding.ok("device", engine.device());
        } catch (SettingsException e) {
            return Finding.fail("device", e.getMessage(), "set model.device=auto, or see README.md, GPU");
        } catch (RuntimeException | LinkageError e) {
            return Finding.fail(
                    "device",
                    "the native library cannot be loaded (" + e + ")",
                    "use Linux with glibc 2.17 or newer, macOS or Windows on x86_64 or arm64");
        }
    }

    private Finding folder() {
        Path folder = settings.checkpoint().directory().toAbsolutePath();
        Path existing = existing(folder);
        return Files.isDirectory(existing) && Files.isWritable(existing)
                ? Finding.ok("checkpoint folder", folder.toString())
                : Finding.fail(
                        "checkpoint folder",
                        folder + " cannot be written to",
                        "set checkpoint.directory to a folder that can");
    }

    private Finding disk() {
        try {
            long free = Files.getFileStore(
                            existing(settings.checkpoint().directory().toAbsolutePath()))
                    .getUsableSpace();
            return free >= LITTLE_DISK
                    ? Finding.ok("disk", free / MIB + " MiB free")
                    : Finding.warn(
                            "disk",
                            free / MIB + " MiB free",
                            "a checkpoint at the authors' size takes 700 MiB, and checkpoint.keep="
                                    + settings.checkpoint().keep() + " are kept: make room, or lower it");
        } catch (IOException e) {
            return Finding.warn("disk", "unknown (" + e.getMessage() + ")", "see that there is room for checkpoints");
        }
    }

    private Finding port() {
        int port = settings.http().port();
        String at = settings.http().host() + ":" + port;
        try (ServerSocket socket =
                new ServerSocket(port, 1, InetAddress.getByName(settings.http().host()))) {
            return Finding.ok("HTTP", at + " is free (" + socket.getLocalPort() + ")");
        } catch (IOException e) {
            return Finding.fail(
                    "HTTP", at + " is taken (" + e.getMessage() + ")", "set http.port to a free port, or to 0 for any");
        }
    }

    private static Path existing(Path folder) {
        return Stream.iterate(folder, path -> path != null, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElse(folder);
    }
}
