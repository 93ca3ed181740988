package dev.tandem.app.command;

import picocli.CommandLine.Option;

/** The seed of random latents: option {@code --seed}. */
final class LatentSeedOption {
    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of the random latents. Default: ${DEFAULT-VALUE}.")
    private long seed;

    long seed() {
        return seed;
    }
}
