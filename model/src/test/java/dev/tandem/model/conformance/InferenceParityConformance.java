package dev.tandem.model.conformance;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Goldens;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.interop.Upstream;
import dev.tandem.model.interop.WeightImport;
import dev.tandem.model.network.Encoder.Posterior;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generator and encoder, compared with PyTorch's (the goldens), within the tolerance of training engines. */
public abstract class InferenceParityConformance extends InferenceConformance {

    protected InferenceParityConformance(InferenceUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @ParameterizedTest
    @CsvSource({"JUNYANZ, junyanz, paper", "PYTORCH_GAN, pytorch-gan, seed"})
    void sampling_importedWeights_matchesPyTorch(Upstream upstream, String files, String golden) {
        Map<String, Tensor> expected = Goldens.tensors(golden + ".safetensors");
        Checkpoint checkpoint = Checkpoint.open(WeightImport.of(
                        upstream,
                        Goldens.upstreamFiles(upstream, files, Member.GENERATOR, Member.ENCODER),
                        Optional.empty(),
                        List.of())
                .write(store()));
        Tensor sample = expected.get("sampling.sample");
        try (BicycleGan model = model(Settings.ofProvenance(checkpoint.settings()), checkpoint)) {
            Tensor translated = model.translate(
                    Goldens.uniform("a.sample", sample.shape()), Goldens.latent("z.sample", model.latentShape(1)));
            Posterior<Tensor> posterior = model.posterior(Goldens.uniform("b.sample", sample.shape()));

            ParityReport report = new ParityReport(golden + ", sampling by " + model.engine());
            report.checkForward("sample", sample, translated);
            report.checkForward("mu", expected.get("sampling.mu"), posterior.mu());
            report.checkForward("logvar", expected.get("sampling.logvar"), posterior.logVariance());
            report.finish();
        }
    }
}
