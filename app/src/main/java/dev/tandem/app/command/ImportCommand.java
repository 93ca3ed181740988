package dev.tandem.app.command;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.UserError;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.interop.Upstream;
import dev.tandem.model.interop.WeightImport;
import dev.tandem.model.network.Networks.Member;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "import",
        description = {
            "Make a checkpoint from weights that another program trained.",
            "The checkpoint can translate and can be trained further. NET is G, E, D or D2 for junyanz, and generator,"
                    + " encoder, D_VAE or D_LR for pytorch-gan. G is required; styles also need E."
                    + " docs/how-to/exchange-weights.md shows how to convert a .pth file to safetensors."
        },
        footer = {
            "",
            "Example:",
            "  tandem import --from junyanz --out checkpoints \\",
            "    G=latest_net_G.safetensors E=latest_net_E.safetensors"
        })
final class ImportCommand implements Callable<Integer> {
    private static final Map<String, Member> NETWORKS = Map.of(
            "g", Member.GENERATOR,
            "generator", Member.GENERATOR,
            "e", Member.ENCODER,
            "encoder", Member.ENCODER,
            "d", Member.D_VAE,
            "d_vae", Member.D_VAE,
            "d2", Member.D_LR,
            "d_lr", Member.D_LR);

    @Mixin
    private SettingsOptions options;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "junyanz|pytorch-gan",
            converter = UpstreamConverter.class,
            description = "The program that trained the weights: junyanz/BicycleGAN or eriklindernoren/PyTorch-GAN.")
    private Upstream from;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder. It must not contain checkpoints.")
    private Path out;

    @Parameters(arity = "1..4", paramLabel = "NET=FILE", description = "Safetensors files, one per network.")
    private Map<String, Path> files = new LinkedHashMap<>();

    @Override
    public Integer call() {
        WeightImport weights = WeightImport.of(from, filesByMember(), options.file(), options.assignments());
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(out, 1, 1));
        if (!store.newestFirst().isEmpty()) {
            throw new UserError("the folder " + out + " already has checkpoints; set --out to a new folder");
        }
        Path written = weights.write(store);
        Set<Member> missing = weights.missing();
        if (!missing.isEmpty()) {
            output.printMessage("no weights are given for " + String.join(", ", keys(missing))
                    + "; further training starts there with fresh weights");
        }
        Settings defaults = SettingsLoader.load(Optional.empty(), List.of());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("checkpoint", written.toString());
        result.put("missing", keys(missing));
        result.put("toRunIt", NetworkCompatibility.assignments(defaults, weights.settings()));
        output.printResult(result);
        return 0;
    }

    private Map<Member, Path> filesByMember() {
        Map<Member, Path> members = new EnumMap<>(Member.class);
        files.forEach((name, file) -> {
            Member member = NETWORKS.get(name.toLowerCase(Locale.ROOT));
            UsageException.require(
                    member != null && members.put(member, file) == null,
                    name + "=" + file + ": NET must be one of G, E, D, D2, generator, encoder, D_VAE, D_LR, each once");
        });
        return members;
    }

    private static List<String> keys(Set<Member> members) {
        return members.stream().map(Member::key).toList();
    }

    /** Converts the value of {@code --from}. */
    static final class UpstreamConverter implements ITypeConverter<Upstream> {
        @Override
        public Upstream convert(String value) {
            return switch (value) {
                case "junyanz" -> Upstream.JUNYANZ;
                case "pytorch-gan" -> Upstream.PYTORCH_GAN;
                default ->
                    throw new TypeConversionException("is \"" + value + "\", but must be junyanz or pytorch-gan");
            };
        }
    }
}
