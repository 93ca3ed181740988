package dev.tandem.model.interop;

import dev.tandem.config.ModelSettings;

/** The names of layers in eriklindernoren/PyTorch-GAN's BicycleGAN. */
record PytorchGanNames(ModelSettings settings) implements UpstreamNames {

    @Override
    public String generator(String[] parts) {
        if (parts[0].equals("latent")) {
            return "fc";
        }
        int level = Integer.parseInt(parts[1]);
        int normOffset = parts.length > 2 ? 1 : 0;
        if (parts[0].equals("down")) {
            return "down" + (level + 1) + ".model." + normOffset;
        }
        return level == 0 ? "final.1" : "up" + (settings.generatorDepth() - level) + ".model." + (1 + normOffset);
    }

    @Override
    public String encoder(String[] parts) {
        boolean norm = parts[parts.length - 1].equals("norm");
        switch (parts[0]) {
            case "stem":
                return "feature_extractor." + (norm ? 1 : 0);
            case "mu":
                return "fc_mu";
            case "logvar":
                return "fc_logvar";
            default:
        }
        int block = Integer.parseInt(parts[1]);
        String prefix = "feature_extractor." + (4 + block / 2) + "." + block % 2 + ".";
        return switch (parts[2]) {
            case "conv1" -> prefix + (norm ? "bn1" : "conv1");
            case "conv2" -> prefix + (norm ? "bn2" : "conv2");
            default -> prefix + "downsample." + (norm ? 1 : 0);
        };
    }

    /** {@code scale.S.LAYER}: convolution and activation, then convolution, norm and activation. */
    @Override
    public String discriminator(String[] parts) {
        int layer = Integer.parseInt(parts[2]);
        int convolution = layer == 0 ? 0 : 2 + 3 * (layer - 1);
        return "models.disc_" + parts[1] + "." + (parts.length > 3 ? convolution + 1 : convolution);
    }
}
