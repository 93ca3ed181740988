package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request asks for.
 *
 * @param seed the seed of its latents, if they are drawn
 * @param stops if its translations are the frames of one animation: how many latents that visits
 */
public record TranslationRequest(SamplerActor.Request request, OptionalLong seed, OptionalInt stops) {}
