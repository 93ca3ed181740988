package dev.tandem.app.command;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointWeights;
import dev.tandem.model.interop.onnx.OnnxExport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = {
            "Write the generator and the encoder of a checkpoint as ONNX files.",
            "The generator has the inputs a and z and the output b. The encoder has the input b and the outputs mu and"
                    + " logvar; its file has -encoder in its name. Both use opset 13 and accept any batch size."
        },
        footer = {"", "Example:", "  tandem export --checkpoint checkpoints --onnx generator.onnx"})
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Option(names = "--onnx", required = true, paramLabel = "FILE", description = "File of the generator.")
    private Path file;

    @Override
    public Integer call() {
        Checkpoint opened = checkpoint.open();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("checkpoint", opened.folder().toString());
        result.put("opset", OnnxExport.OPSET);
        // One open file for both networks, because a training process may replace the checkpoint meanwhile.
        try (CheckpointWeights weights = opened.openWeights()) {
            OnnxExport export = OnnxExport.of(opened, weights);
            export.writeGenerator(file);
            result.put("generator", file.toString());
            if (export.hasEncoder()) {
                Path encoder = file.resolveSibling(ImageFiles.stem(file) + "-encoder.onnx");
                export.writeEncoder(encoder);
                result.put("encoder", encoder.toString());
            }
        }
        output.printResult(result);
        return 0;
    }
}
