package dev.tandem.serving.dashboard;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.config.HttpSettings;
import dev.tandem.config.Settings;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How some pictures are translated as learning goes on: the first pairs of a run, with the same latents each time, every
 * so many steps.
 */
public final class ProbeGallery implements PipelineListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeGallery.class);
    private static final String FOLDER = "probes";
    private static final int SHEETS = 64;

    private final Settings settings;
    private final HttpSettings probe;
    private final ProbeSheet sheet;
    private final ProbeFolder folder;
    private final BiFunction<Tensor, Tensor, CompletionStage<TranslateReply>> model;
    private final boolean active;
    private final List<TensorPair> pairs = new ArrayList<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * @param checkpoints the folder below which the sheets lie
     * @param model translates images with latents, by the weights that learn
     * @param trains whether this process writes the checkpoints and shows them; others only show what is there
     */
    public ProbeGallery(
            Settings settings,
            Path checkpoints,
            BiFunction<Tensor, Tensor, CompletionStage<TranslateReply>> model,
            boolean trains) {
        this.settings = settings;
        this.probe = settings.http();
        int samples = settings.model().latent() == 0 ? 1 : probe.probeSamples();
        this.sheet = new ProbeSheet(settings.model(), probe.probeInputs(), samples);
        this.folder = new ProbeFolder(checkpoints.resolve(FOLDER), SHEETS);
        this.model = model;
        this.active = trains && probe.probeEvery() > 0 && resumed();
    }

    /** Goes on with the pairs of earlier sheets; those of a model of another size are of no use. */
    private boolean resumed() {
        try {
            Optional<BufferedImage> sheetBefore = folder.newest();
            if (sheetBefore.isPresent() && sheet.fits(sheetBefore.get())) {
                pairs.addAll(sheet.pairs(sheetBefore.get()));
            } else {
                folder.clear();
            }
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("no probes for the dashboard: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void onPairDecoded(TensorPair pair) {
        synchronized (pairs) {
            if (active && pairs.size() < sheet.inputs()) {
                pairs.add(pair);
            }
        }
    }

    @Override
    public void onTrained(Trained step) {
        if (!active || step.step() > 1 && step.step() % probe.probeEvery() > 0) {
            return;
        }
        List<TensorPair> chosen = chosen();
        // A probe that takes longer than the steps between two is not waited for.
        if (chosen.size() == sheet.inputs() && busy.compareAndSet(false, true)) {
            preview(chosen)
                    .thenAcceptAsync(reply -> keep(step.step(), chosen, reply))
                    .whenComplete((done, failure) -> {
                        busy.set(false);
                        Optional.ofNullable(failure)
                                .ifPresent(cause -> LOG.warn("no probe of step {}: {}", step.step(), cause.toString()));
                    });
        }
    }

    /** The step of the newest sheet; 0 if there is none. */
    public long newest() {
        try {
            SortedSet<Long> steps = folder.steps();
            return steps.isEmpty() ? 0 : steps.last();
        } catch (UncheckedIOException e) {
            LOG.debug("the folder of probes cannot be read", e);
            return 0;
        }
    }

    /** The steps there are sheets of, in their order. */
    public SortedSet<Long> steps() {
        return folder.steps();
    }

    /** The sheet of a step, as PNG: a row for each pair, with A, B and the samples. */
    public Optional<byte[]> sheet(long step) {
        return folder.read(step);
    }

    public int inputs() {
        return sheet.inputs();
    }

    public int samples() {
        return sheet.samples();
    }

    private List<TensorPair> chosen() {
        synchronized (pairs) {
            return List.copyOf(pairs);
        }
    }

    private CompletionStage<TranslateReply> preview(List<TensorPair> chosen) {
        Tensor z = Latents.drawn(
                settings.train().seed(), sheet.samples(), settings.model().latent());
        List<Tensor> images = new ArrayList<>();
        List<Tensor> latents = new ArrayList<>();
        for (TensorPair pair : chosen) {
            images.addAll(Collections.nCopies(sheet.samples(), pair.a()));
            latents.add(z);
        }
        return model.apply(Tensor.stack(images), Tensor.stack(latents));
    }

    private void keep(long step, List<TensorPair> chosen, TranslateReply reply) {
        if (reply instanceof Translated translated) {
            try {
                folder.write(step, PngEncoder.encode(sheet.draw(chosen, translated.b())));
            } catch (UncheckedIOException e) {
                LOG.warn("the probe of step {} cannot be kept: {}", step, e.getMessage());
            }
        }
    }
}
