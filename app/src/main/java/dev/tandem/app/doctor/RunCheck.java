package dev.tandem.app.doctor;

import dev.tandem.app.run.Preconditions;
import dev.tandem.config.FileFault;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TrainSettings.Validation;
import dev.tandem.config.UserError;
import dev.tandem.evaluation.data.ValidationPairs;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointFolderCheck;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.InferenceEngines;
import dev.tandem.model.network.Networks;
import dev.tandem.serving.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks what the settings of a run name: the device, the checkpoint folder and the HTTP port. */
record RunCheck(Settings settings) {
    private static final long MIB = 1L << 20;
    private static final long MIN_DISK = 2048 * MIB;

    List<Finding> findings() {
        // Without a given management port, a run uses any free one.
        return Stream.of(
                        Stream.of(device(), networks(), checkpointFolder(), disk()),
                        Stream.of(port("HTTP port", settings.http().port(), "http.port")),
                        settings.http().managementPort().stream()
                                .mapToObj(port -> port("management port", port, "http.management-port")),
                        Stream.of(httpAccess()),
                        validation().stream())
                .flatMap(findings -> findings)
                .toList();
    }

    private Finding device() {
        try (Engine engine = Engines.openForTraining(settings, MemoryLimits.NONE)) {
            InferenceEngines.require(settings);
            return Finding.ok("device", engine.device());
        } catch (SettingsException e) {
            return Finding.fail(
                    "device", e.getMessage(), "see docs/how-to/use-a-gpu.md and docs/explanation/engines.md");
        } catch (RuntimeException | LinkageError e) {
            return Finding.fail(
                    "device",
                    "the native library cannot be loaded (" + e + ")",
                    "use Linux with glibc 2.17 or newer, macOS or Windows, on x86_64 or arm64");
        }
    }

    private Finding networks() {
        try {
            Networks.of(settings);
            return Finding.ok(
                    "model",
                    "preset " + settings.model().preset().name().toLowerCase(Locale.ROOT) + ", image size "
                            + settings.model().imageSize());
        } catch (SettingsException e) {
            return Finding.fail("model", e.getMessage(), "correct the settings under model");
        }
    }

    /** The checks of {@code run}, which also locks the folder and removes what a crash left incomplete. */
    private Finding checkpointFolder() {
        try {
            CheckpointFolderCheck.requireTrainable(folder());
            CheckpointStore store = CheckpointStore.openReadOnly(folder());
            store.requireResumable();
            Preconditions.requireSameNetworks(settings, store);
            return Finding.ok("checkpoint folder", folder().toString());
        } catch (SettingsException | CheckpointException e) {
            return Finding.fail(
                    "checkpoint folder",
                    e.getMessage(),
                    "set checkpoint.directory to another folder, or correct the cause");
        }
    }

    private Finding disk() {
        try {
            long free =
                    Files.getFileStore(CheckpointFolderCheck.existing(folder())).getUsableSpace();
            return Finding.okOrWarn(
                    free >= MIN_DISK,
                    "disk",
                    free / MIB + " MiB free",
                    "free disk space, or lower checkpoint.keep ("
                            + settings.checkpoint().keep()
                            + " checkpoints are kept; a checkpoint of the default model needs 570 MiB)");
        } catch (IOException e) {
            return Finding.warn(
                    "disk", "unknown (" + FileFault.reason(e) + ")", "make sure that checkpoints have room");
        }
    }

    private Finding port(String what, int port, String key) {
        String address = settings.http().host() + ":" + port;
        try {
            new ServerSocket(port, 1, InetAddress.getByName(settings.http().host())).close();
            return Finding.ok(what, port == 0 ? "any free port" : address + " is free");
        } catch (IOException e) {
            return Finding.fail(
                    what,
                    "cannot listen at " + address + " (" + e.getMessage() + ")",
                    "set " + key + " to a free port, or to 0 for any free port");
        }
    }

    private Finding httpAccess() {
        try {
            HttpServer.check(settings.http());
            return Finding.ok(
                    "HTTP access", settings.http().access().tokenFile().isPresent() ? "token" : "no token");
        } catch (SettingsException e) {
            return Finding.fail("HTTP access", e.getMessage(), "see docs/how-to/secure.md");
        }
    }

    private Optional<Finding> validation() {
        Validation validation = settings.train().validation();
        if (validation.share() > 0) {
            return Optional.of(Finding.ok("validation", validation.inputs() + " inputs that the stream holds out"));
        }
        try {
            return ValidationPairs.read(settings)
                    .map(pairs -> Finding.ok("validation", pairs.inputs().size() + " inputs"));
        } catch (UserError e) {
            return Optional.of(
                    Finding.fail("validation", e.getMessage(), "set train.validation.data to a folder of A|B images"));
        }
    }

    private Path folder() {
        return settings.checkpoint().directory().toAbsolutePath();
    }
}
