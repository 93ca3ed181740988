package dev.tandem.app.command;

import dev.tandem.datasets.files.InvalidFiles;
import picocli.CommandLine.Option;

/** What a command does with invalid files: option {@code --skip-unusable}. */
final class SkipUnusableOption {
    @Option(
            names = "--skip-unusable",
            description = "Skip invalid files. Otherwise one invalid file stops the command, and nothing is sent or"
                    + " written.")
    private boolean skip;

    /** @param nothingDone says that the command has had no effect, if it stops */
    InvalidFiles invalidFiles(CommandOutput output, String nothingDone) {
        return new InvalidFiles(
                skip, output::printMessage, nothingDone + ". Repair them, or skip them with --skip-unusable");
    }
}
