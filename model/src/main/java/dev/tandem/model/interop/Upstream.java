package dev.tandem.model.interop;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/** The programs whose weights can be imported. */
public enum Upstream {
    /** junyanz/BicycleGAN, the authors' program. */
    JUNYANZ {
        @Override
        UpstreamNames names(ModelSettings settings) {
            return new JunyanzNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new JunyanzSettings(files).inferred();
        }
    },
    /** eriklindernoren/PyTorch-GAN. */
    PYTORCH_GAN {
        @Override
        UpstreamNames names(ModelSettings settings) {
            return new PytorchGanNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new PytorchGanSettings(files).inferred();
        }
    };

    /** The program's names of the parameters. */
    abstract UpstreamNames names(ModelSettings settings);

    /** The settings, {@code key=value} each, that can be inferred from the shapes of the weights. */
    abstract List<String> settings(Map<Member, WeightFile> files);
}
