package dev.tandem.model.interop;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/** The programs whose weights can be read. */
public enum Upstream {
    JUNYANZ {
        @Override
        UpstreamNames names(ModelSettings settings) {
            return new JunyanzNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new JunyanzSettings(files).guessed();
        }
    },
    PYTORCH_GAN {
        @Override
        UpstreamNames names(ModelSettings settings) {
            return new PytorchGanNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new PytorchGanSettings(files).guessed();
        }
    };

    abstract UpstreamNames names(ModelSettings settings);

    /** The settings under which such weights fit, as far as their shapes tell. */
    abstract List<String> settings(Map<Member, WeightFile> files);
}
