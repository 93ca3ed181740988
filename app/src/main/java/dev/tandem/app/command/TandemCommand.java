package dev.tandem.app.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tandem.config.PrintableText;
import dev.tandem.config.SettingsException;
import dev.tandem.config.UserError;
import dev.tandem.model.checkpoint.CheckpointException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code tandem} with all its commands. */
@Command(
        name = "tandem",
        description = "Train BicycleGAN on a stream of image pairs, and translate images with it.",
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
            ReplayDeadLettersCommand.class,
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
    private boolean verbose;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log debug messages, and print the stack trace of a failure.")
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
                .setParameterExceptionHandler(TandemCommand::onWrongParameter)
                .setExecutionExceptionHandler(root::onFailure);
    }

    @Override
    public void run() {
        throw new UsageException("no command is given");
    }

    private static int onWrongParameter(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        line.getErr().println("tandem: " + PrintableText.of(wrong.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(wrong, line.getErr())) {
            printHelpHint(line);
        }
        return CommandLine.ExitCode.USAGE;
    }

    private int onFailure(Exception failure, CommandLine line, ParseResult parsed) {
        line.getErr().println("tandem: " + PrintableText.of(message(failure)));
        if (failure instanceof UsageException) {
            printHelpHint(line);
            return CommandLine.ExitCode.USAGE;
        }
        if (verbose) {
            failure.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void printHelpHint(CommandLine line) {
        line.getErr().println("see " + line.getCommandSpec().qualifiedName() + " --help");
    }

    private static String message(Exception failure) {
        boolean isForUsers = failure instanceof UserError
                || failure instanceof UsageException
                || failure instanceof SettingsException
                || failure instanceof CheckpointException;
        return isForUsers ? failure.getMessage() : failure + " (--verbose prints the stack trace)";
    }

    /** Reads the version from the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TandemCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tandem " + (version == null ? "(not packaged)" : version)};
        }
    }
}
