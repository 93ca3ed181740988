package dev.tandem.datasets;

import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.JsonFiles;
import dev.tandem.images.encode.PngEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Writes a data set as A|B images in the folders {@code train/} and {@code val/}, and a {@code manifest.json}. */
public final class DatasetWriter {
    /** File with the name, attribution, size and seed of the data set, and the split, group and facts of each image. */
    public static final String MANIFEST = "manifest.json";

    private final Path out;
    private final int side;
    private final long seed;

    /**
     * Creates a writer to a folder.
     *
     * @param side height of the images and half their width, in pixels
     * @param seed seed of the split
     */
    public DatasetWriter(Path out, int side, long seed) {
        this.out = out;
        this.side = side;
        this.seed = seed;
    }

    /**
     * Writes examples of a data set in parallel, then the manifest.
     *
     * @param onWritten called after each example, by several threads
     * @return number of images of each split
     */
    public Map<String, Long> write(Dataset dataset, List<Example> examples, Consumer<Example> onWritten) {
        for (Split split : Split.values()) {
            ImageFiles.createFolder(out.resolve(split.folder()));
        }
        List<Map<String, Object>> files = examples.parallelStream()
                .map(example -> {
                    Map<String, Object> entry = write(example);
                    onWritten.accept(example);
                    return entry;
                })
                .toList();
        writeManifest(dataset, files);
        Map<String, Long> counts = new TreeMap<>();
        files.forEach(entry -> counts.merge((String) entry.get("split"), 1L, Long::sum));
        return counts;
    }

    private Map<String, Object> write(Example example) {
        Split split = Split.of(example.group(), seed);
        String file = split.folder() + "/" + ImageFiles.safeName(example.name()) + ".png";
        ImageFiles.write(out.resolve(file), PngEncoder.encode(example.render(side)));
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("file", file);
        entry.put("split", split.folder());
        entry.put("group", example.group());
        entry.putAll(example.facts());
        return entry;
    }

    private void writeManifest(Dataset dataset, List<Map<String, Object>> files) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("dataset", dataset.name());
        manifest.put("attribution", dataset.attribution());
        manifest.put("size", side);
        manifest.put("seed", seed);
        manifest.put("files", files);
        JsonFiles.write(out.resolve(MANIFEST), manifest);
    }
}
