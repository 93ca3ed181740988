package dev.tandem.serving.dashboard;

import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.config.FileFault;
import dev.tandem.config.HttpSettings;
import dev.tandem.config.Settings;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.serving.ModelClient;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard's probes: every {@code http.probe-every} steps the live model translates the same pairs with the same
 * latents, and the result is saved as a probe sheet.
 *
 * <p>The pairs are the first ones of the run. Later runs read them from the newest sheet.
 */
public final class ProbeGallery implements PipelineListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeGallery.class);
    private static final String FOLDER = "probes";
    private static final int MAX_SHEETS = 64;

    private final Settings settings;
    private final ProbeSheet sheet;
    private final ProbeFolder folder;
    private final BiFunction<Tensor, Tensor, CompletionStage<TranslateReply>> preview;
    private final boolean enabled;
    private final List<TensorPair> pairs = new ArrayList<>();
    private final AtomicBoolean inProgress = new AtomicBoolean();

    /**
     * @param checkpoints the checkpoint folder; the sheets are in its folder {@code probes}
     * @param preview translates N images with N latents by the live model
     * @param createsProbes whether this process trains and has the role {@code http}. Otherwise it creates no probes and
     *     only shows the sheets that exist
     */
    public ProbeGallery(
            Settings settings,
            Path checkpoints,
            BiFunction<Tensor, Tensor, CompletionStage<TranslateReply>> preview,
            boolean createsProbes) {
        HttpSettings http = settings.http();
        int samples = settings.model().latent() == 0 ? 1 : http.probeSamples();
        this.settings = settings;
        this.sheet = new ProbeSheet(settings.model(), http.probeInputs(), samples);
        this.folder = new ProbeFolder(checkpoints.resolve(FOLDER), MAX_SHEETS);
        this.preview = preview;
        this.enabled = createsProbes && http.probeEvery() > 0 && resumePairs();
    }

    /** Reads the pairs from the newest sheet. If its size does not fit the model, all sheets are removed. */
    private boolean resumePairs() {
        try {
            Optional<BufferedImage> newest = folder.newestSheet();
            if (newest.isPresent() && sheet.hasSizeOf(newest.get())) {
                pairs.addAll(sheet.pairs(newest.get()));
            } else {
                folder.clear();
            }
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn(
                    "cannot access the folder of probe sheets, so this run creates none: {}",
                    FileFault.reason(e.getCause()));
            return false;
        }
    }

    @Override
    public void onPairDecoded(TensorPair pair) {
        synchronized (pairs) {
            if (enabled && pairs.size() < sheet.inputs()) {
                pairs.add(pair);
            }
        }
    }

    @Override
    public void onTrained(Trained step) {
        if (!enabled || !isProbeDue(step.step())) {
            return;
        }
        List<TensorPair> probePairs = probePairs();
        // A probe that is due while another is in progress is omitted: waiting would stop the training stream.
        if (probePairs.size() == sheet.inputs() && inProgress.compareAndSet(false, true)) {
            translate(probePairs)
                    .thenAcceptAsync(reply -> save(step.step(), probePairs, reply))
                    .whenComplete((done, failure) -> {
                        inProgress.set(false);
                        Optional.ofNullable(failure).ifPresent(cause -> logFailure(step.step(), cause));
                    });
        }
    }

    /** Without a running model there is nothing to fix: the run is stopping, or the model is being rebuilt. */
    private static void logFailure(long step, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ModelClient.Unavailable) {
            LOG.debug("no probe of step {}: no model is running", step);
        } else {
            LOG.warn("no probe of step {}: {}", step, cause.toString());
        }
    }

    private boolean isProbeDue(long step) {
        return step <= 1 || step % settings.http().probeEvery() == 0;
    }

    /** The step of the newest sheet; 0 if there is none. */
    public long newestStep() {
        try {
            SortedSet<Long> steps = folder.steps();
            return steps.isEmpty() ? 0 : steps.last();
        } catch (UncheckedIOException e) {
            LOG.debug("cannot read the folder of probe sheets", e);
            return 0;
        }
    }

    /** The steps that have a sheet, in ascending order. */
    public SortedSet<Long> steps() {
        return folder.steps();
    }

    /** The sheet of a step, as PNG: a row per pair, with A, B and the samples; empty if the step has none. */
    public Optional<byte[]> sheet(long step) {
        return folder.read(step);
    }

    /** Number of pairs of a probe. */
    public int inputs() {
        return sheet.inputs();
    }

    /** Number of translations of each pair. */
    public int samples() {
        return sheet.samples();
    }

    private List<TensorPair> probePairs() {
        synchronized (pairs) {
            return List.copyOf(pairs);
        }
    }

    private CompletionStage<TranslateReply> translate(List<TensorPair> probePairs) {
        Tensor z = Latents.random(
                settings.train().seed(), sheet.samples(), settings.model().latent());
        List<Tensor> images = new ArrayList<>();
        List<Tensor> latents = new ArrayList<>();
        for (TensorPair pair : probePairs) {
            images.addAll(Collections.nCopies(sheet.samples(), pair.a()));
            latents.add(z);
        }
        return preview.apply(Tensor.stack(images), Tensor.stack(latents));
    }

    private void save(long step, List<TensorPair> probePairs, TranslateReply reply) {
        if (reply instanceof Translated translated) {
            try {
                folder.write(step, PngEncoder.encode(sheet.draw(probePairs, translated.b())));
            } catch (UncheckedIOException e) {
                LOG.warn("cannot save the probe of step {}: {}", step, FileFault.reason(e.getCause()));
            }
        }
    }
}
