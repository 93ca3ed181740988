package dev.tandem.model.checkpoint;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.checkpoint.SafetensorsWriter.Entry;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Weights;
import dev.tandem.model.validation.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The content of valid checkpoints, made without an engine. */
public final class TestCheckpoints {
    private static final float VALUE = 0.25f;

    private TestCheckpoints() {}

    /** A checkpoint after one step on two pairs; every weight and moment is 0.25, also of an average. */
    public static Checkpoint.Content content(Settings settings, PastPairs replay) {
        return content(settings, replay, 1);
    }

    /** @param step number of steps of two pairs */
    public static Checkpoint.Content content(Settings settings, PastPairs replay, long step) {
        return content(
                settings, replay, step, (member, spec) -> filled(spec.shape()), (member, spec) -> filled(spec.shape()));
    }

    /** A checkpoint with initial weights, random by the step. An average has the initial weights by {@code train.seed}. */
    public static Checkpoint.Content randomContent(Settings settings, long step) {
        return content(
                settings,
                PastPairs.NONE,
                step,
                (member, spec) ->
                        Weights.initialValue(member, spec, settings.train().seed() + step),
                (member, spec) ->
                        Weights.initialValue(member, spec, settings.train().seed()));
    }

    static Checkpoint.Content withScore(Checkpoint.Content content, Optional<Score> score) {
        return new Checkpoint.Content(
                content.step(),
                content.pairs(),
                content.offsets(),
                content.model(),
                content.optimizer(),
                content.updates(),
                content.replay(),
                score,
                content.settings(),
                content.provenance());
    }

    private static Checkpoint.Content content(
            Settings settings,
            PastPairs replay,
            long step,
            BiFunction<Member, ParameterSpec, Tensor> weight,
            BiFunction<Member, ParameterSpec, Tensor> average) {
        Networks networks = Networks.of(settings);
        List<Entry> model = new ArrayList<>();
        List<Entry> optimizer = new ArrayList<>();
        Map<String, Long> updates = new TreeMap<>();
        for (Member member : networks.members()) {
            updates.put(member.key(), step);
            for (ParameterSpec spec : networks.parameters(member)) {
                String name = member.key() + "." + spec.name();
                model.add(new Entry(name, spec.shape(), () -> weight.apply(member, spec)));
                if (spec.trainable()) {
                    optimizer.add(entry(name + ".exp_avg", spec.shape()));
                    optimizer.add(entry(name + ".exp_avg_sq", spec.shape()));
                }
            }
        }
        if (settings.train().emaDecay() > 0) {
            networks.parameters(Member.GENERATOR)
                    .forEach(spec -> model.add(new Entry(
                            Checkpoint.AVERAGE + "." + spec.name(),
                            spec.shape(),
                            () -> average.apply(Member.GENERATOR, spec))));
        }
        return new Checkpoint.Content(
                step,
                2 * step,
                new Offsets(Map.of(new Partition("pairs", 0), 2 * step)),
                model,
                optimizer,
                updates,
                replay,
                Optional.empty(),
                settings.provenance(),
                Map.of("java", "17"));
    }

    private static Entry entry(String name, Shape shape) {
        return new Entry(name, shape, () -> filled(shape));
    }

    private static Tensor filled(Shape shape) {
        float[] data = new float[shape.size()];
        Arrays.fill(data, VALUE);
        return new Tensor(shape, data);
    }
}
