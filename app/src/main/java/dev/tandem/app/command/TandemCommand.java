package dev.tandem.app.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tandem.config.SettingsException;
import dev.tandem.config.UserError;
import dev.tandem.model.checkpoint.CheckpointException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole. */
@Command(
        name = "tandem",
        description = "BicycleGAN as a stream: image pairs in, many plausible translations out.",
        mixinStandardHelpOptions = true,
        versionProvider = TandemCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = {
            DemoCommand.class,
            DoctorCommand.class,
            SettingsCommand.class,
            RunCommand.class,
            BrokerCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            ReplayCommand.class,
            DatasetCommand.class,
            TranslateCommand.class,
            InterpolateCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        })
public final class TandemCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private boolean verbose;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Say more, and show the stack trace of a failure.")
    void setVerbose(boolean value) {
        verbose = value;
        if (value) {
            ((Logger) LoggerFactory.getLogger("dev.tandem")).setLevel(Level.DEBUG);
        }
    }

    /** The command line with its exit codes and error messages. */
    public static CommandLine commandLine() {
        TandemCommand root = new TandemCommand();
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, arguments) -> {
                    CommandLine line = wrong.getCommandLine();
                    line.getErr().println("tandem: " + wrong.getMessage());
                    if (!UnmatchedArgumentException.printSuggestions(wrong, line.getErr())) {
                        line.getErr().println("see " + line.getCommandSpec().qualifiedName() + " --help");
                    }
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("tandem: " + message(failure));
                    if (root.verbose) {
                        failure.printStackTrace(line.getErr());
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? See tandem --help");
    }

    private static String message(Throwable failure) {
        boolean forUsers = failure instanceof UserError
                || failure instanceof SettingsException
                || failure instanceof CheckpointException;
        return forUsers ? failure.getMessage() : failure + " (--verbose shows where)";
    }

    /** The version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TandemCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tandem " + (version == null ? "(not packaged)" : version)};
        }
    }
}
