package dev.tandem.model.interop;

import dev.tandem.model.network.Networks.Member;

/**
 * The names that another program gives to layers.
 *
 * <p>The methods get Tandem's name of a layer, split at the dots, and return the other program's name.
 */
interface UpstreamNames {

    String generator(String[] layer);

    String encoder(String[] layer);

    String discriminator(String[] layer);

    /** Translates the name of a parameter, which is a layer's name and a suffix such as {@code .weight}. */
    default String parameter(Member member, String name) {
        int dot = name.lastIndexOf('.');
        String[] layer = name.substring(0, dot).split("\\.");
        String upstream = switch (member) {
            case GENERATOR -> generator(layer);
            case ENCODER -> encoder(layer);
            case D_VAE, D_LR -> discriminator(layer);
        };
        return upstream + name.substring(dot);
    }
}
