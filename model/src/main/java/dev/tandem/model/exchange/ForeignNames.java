package dev.tandem.model.exchange;

import dev.tandem.model.network.Networks.Member;

/** What another program calls the parameters that a checkpoint here calls by its own names. */
interface ForeignNames {

    /** @param layer a parameter's name without its last part, for instance {@code down.3.norm} */
    String layer(Member member, String layer);

    default String parameter(Member member, String name) {
        int dot = name.lastIndexOf('.');
        return layer(member, name.substring(0, dot)) + name.substring(dot);
    }
}
