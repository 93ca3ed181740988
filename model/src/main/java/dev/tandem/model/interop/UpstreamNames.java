package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;

/** What another program calls the layers that a checkpoint here calls by its own names, given as parts between dots. */
interface UpstreamNames {

    String generator(String[] layer);

    String encoder(String[] layer);

    String discriminator(String[] layer);

    default String parameter(Member member, String name) {
        int dot = name.lastIndexOf('.');
        String[] layer = name.substring(0, dot).split("\\.");
        String foreign = switch (member) {
            case GENERATOR -> generator(layer);
            case ENCODER -> encoder(layer);
            case D_VAE, D_LR -> discriminator(layer);
        };
        return foreign + name.substring(dot);
    }
}
