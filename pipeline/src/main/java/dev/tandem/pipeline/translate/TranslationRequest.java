package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A decoded request.
 *
 * @param seed seed of the latents, if they are random
 * @param pathLatents number of random latents on the path, if the translations are the frames of an animation
 */
public record TranslationRequest(SamplerActor.Request request, OptionalLong seed, OptionalInt pathLatents) {}
