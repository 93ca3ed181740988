package dev.tandem.app.command;

import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.interop.onnx.OnnxExport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description = {
            "Write a checkpoint's networks as ONNX: the generator (inputs a and z, output b) to FILE, the encoder (input b,",
            "outputs mu and logvar) beside it with -encoder before the ending. Opset 13, any batch size."
        },
        footer = {"", "Example:", "  tandem export --checkpoint checkpoints --onnx generator.onnx"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOutput output;

    @Mixin
    private CheckpointOption checkpoint;

    @Option(names = "--onnx", required = true, paramLabel = "FILE", description = "File for the generator.")
    private Path file;

    @Override
    public Integer call() {
        Checkpoint opened = checkpoint.open();
        OnnxExport export = new OnnxExport(opened);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("checkpoint", opened.folder().toString());
        result.put("opset", OnnxExport.OPSET);
        export.writeGenerator(file);
        result.put("generator", file.toString());
        if (export.hasEncoder()) {
            Path encoder = file.resolveSibling(ImageFiles.stem(file) + "-encoder.onnx");
            export.writeEncoder(encoder);
            result.put("encoder", encoder.toString());
        }
        output.print(spec.commandLine().getOut(), result);
        return 0;
    }
}
