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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "import",
        description = {
            "Make a checkpoint of weights that another program trained; it translates, and can be trained on.",
            "NET is G, E, D or D2 (junyanz), or generator, encoder, D_VAE or D_LR (pytorch-gan); G is needed, E for",
            "styles. docs/how-to/exchange-weights.md says how to turn a .pth into safetensors."
        },
        footer = {
            "",
            "Example:",
            "  tandem import --from junyanz --out checkpoints G=latest_net_G.safetensors E=latest_net_E.safetensors"
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

    @Spec
    private CommandSpec spec;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private JsonOutput output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "junyanz|pytorch-gan",
            converter = Program.class,
            description = "The program that trained them: junyanz/BicycleGAN or eriklindernoren/PyTorch-GAN.")
    private Upstream from;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of checkpoints to write to.")
    private Path out;

    @Parameters(arity = "1..4", paramLabel = "NET=FILE", description = "Safetensors files, one a network.")
    private Map<String, Path> files = new LinkedHashMap<>();

    @Override
    public Integer call() {
        WeightImport weights = WeightImport.of(from, members(), options.file(), options.assignments());
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(out, 1, 1));
        if (store.latest().isPresent()) {
            throw new UserError("the folder " + out + " has checkpoints already; give --out a new one");
        }
        Path written = weights.write(store);
        Set<Member> missing = weights.missing();
        if (!missing.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("not given: " + String.join(", ", keys(missing)) + "; when the model is trained on, "
                            + (missing.size() == 1 ? "it begins" : "they begin") + " with fresh weights");
        }
        Settings defaults = SettingsLoader.load(Optional.empty(), List.of());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("checkpoint", written.toString());
        result.put("missing", keys(missing));
        result.put("toRunIt", NetworkCompatibility.assignments(defaults, weights.settings()));
        output.print(spec.commandLine().getOut(), result);
        return 0;
    }

    private Map<Member, Path> members() {
        Map<Member, Path> members = new EnumMap<>(Member.class);
        files.forEach((name, file) -> {
            Member member = NETWORKS.get(name.toLowerCase(Locale.ROOT));
            if (member == null || members.put(member, file) != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        name + "=" + file
                                + ": NET must be one of G, E, D, D2, generator, encoder, D_VAE, D_LR, each once");
            }
        });
        return members;
    }

    private static List<String> keys(Set<Member> members) {
        return members.stream().map(Member::key).toList();
    }

    /** The programs by the names users know. */
    static final class Program implements ITypeConverter<Upstream> {
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
