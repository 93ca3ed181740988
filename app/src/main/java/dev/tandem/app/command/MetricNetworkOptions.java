package dev.tandem.app.command;

import dev.tandem.evaluation.feature.Features;
import dev.tandem.evaluation.feature.OnnxNetwork;
import dev.tandem.evaluation.feature.OnnxNetwork.Range;
import dev.tandem.evaluation.feature.PerceptualDistance;
import dev.tandem.evaluation.feature.RandomNetwork;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The networks that metrics use: options {@code --features}, {@code --perceptual} and {@code --range}. */
final class MetricNetworkOptions {
    @Option(
            names = "--features",
            paramLabel = "FILE.onnx",
            description =
                    "Network for the figures `realistic`, for example Inception: a batch of images in, vectors out."
                            + " Default: random convolutions.")
    private Optional<Path> features = Optional.empty();

    @Option(
            names = "--perceptual",
            paramLabel = "FILE.onnx",
            description = "Network for the figures `diverse`, for example LPIPS: two images in, their distance out."
                    + " Default: random convolutions.")
    private Optional<Path> perceptual = Optional.empty();

    @Option(
            names = "--range",
            defaultValue = "MINUS_ONE_TO_ONE",
            paramLabel = "RANGE",
            description = "The values of black and white that these networks expect: ${COMPLETION-CANDIDATES}. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Range range;

    /** @param random the network without an option */
    Features features(RandomNetwork random) {
        return features.<Features>map(file -> OnnxNetwork.features(file, range)).orElse(random);
    }

    /** @param random the network without an option */
    PerceptualDistance distance(RandomNetwork random) {
        return perceptual
                .<PerceptualDistance>map(file -> OnnxNetwork.distance(file, range))
                .orElse(random);
    }
}
