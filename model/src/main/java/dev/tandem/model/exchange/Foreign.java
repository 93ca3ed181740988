package dev.tandem.model.exchange;

import dev.tandem.config.ModelSettings;
import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/** The programs whose weights can be read. */
public enum Foreign {
    JUNYANZ {
        @Override
        ForeignNames names(ModelSettings settings) {
            return new JunyanzNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new JunyanzSettings(files).guessed();
        }
    },
    PYTORCH_GAN {
        @Override
        ForeignNames names(ModelSettings settings) {
            return new PytorchGanNames(settings);
        }

        @Override
        List<String> settings(Map<Member, WeightFile> files) {
            return new PytorchGanSettings(files).guessed();
        }
    };

    abstract ForeignNames names(ModelSettings settings);

    /** The settings under which such weights fit, as far as their shapes tell. */
    abstract List<String> settings(Map<Member, WeightFile> files);
}
