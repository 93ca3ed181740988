package dev.tandem.bench;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares the engines that translate a model: ONNX Runtime on the exported file, the engine on ONNX Runtime, and the engine
 * of the model. They alternate within each round, so that a slow phase of the machine affects all of them.
 *
 * @param settings of a model on the CPU
 */
record InferenceBench(Settings settings, List<Integer> batches, int rounds) {
    private static final int WARM_UP = 2;

    InferenceResults run() throws Exception {
        Path folder = Files.createTempDirectory("tandem-bench-");
        try {
            Checkpoint checkpoint = checkpoint(settings, folder);
            return new InferenceResults(timings(checkpoint), memory(checkpoint));
        } finally {
            delete(folder);
        }
    }

    private List<Map<String, Object>> timings(Checkpoint checkpoint) throws Exception {
        List<Map<String, Object>> results = new ArrayList<>();
        try (Contestant exported = Contestant.exportedFile(settings, checkpoint);
                Contestant onnxRuntime = Contestant.engine(settings, "onnxruntime", checkpoint);
                Contestant model = Contestant.engine(settings, "model", checkpoint)) {
            for (int batch : batches) {
                results.add(timings(List.of(exported, onnxRuntime, model), batch));
            }
        }
        return results;
    }

    private List<Map<String, Object>> memory(Checkpoint checkpoint) throws IOException, InterruptedException {
        List<Map<String, Object>> results = new ArrayList<>();
        for (String engine : List.of("onnxruntime", "model")) {
            results.add(TranslatingProcess.memory(settings, engine, checkpoint.folder()));
        }
        return results;
    }

    private Map<String, Object> timings(List<Contestant> contestants, int batch) throws Exception {
        double[][] millis = new double[contestants.size()][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                double duration = contestants.get(i).millis(batch);
                if (round >= 0) {
                    millis[i][round] = duration;
                }
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("preset", settings.model().preset().toString());
        result.put("imageSize", settings.model().imageSize().toString());
        result.put("batch", batch);
        double[] medians = Stream.of(millis).mapToDouble(InferenceBench::median).toArray();
        for (int i = 0; i < medians.length; i++) {
            result.put(contestants.get(i).name() + "Millis", rounded(medians[i]));
        }
        result.put("timesExportedFile", rounded(medians[0] / medians[1]));
        result.put("timesModel", rounded(medians[2] / medians[1]));
        return result;
    }

    /** A checkpoint with initial weights. */
    private static Checkpoint checkpoint(Settings settings, Path folder) {
        try (BicycleGan model = Models.training(settings, Optional.empty())) {
            return Checkpoint.open(model.save(CheckpointStore.open(new CheckpointSettings(folder, 1, 1))));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
