package dev.tandem.app;

import dev.tandem.app.command.TandemCommand;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.FileNames;

/** Entry point. Exit codes: 0 success, 1 failure, 2 wrong usage. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    private static int execute(String[] arguments) {
        try {
            FileNames.requireReadable(arguments);
            return TandemCommand.commandLine().execute(arguments);
        } catch (UserError e) {
            System.err.println("tandem: " + e.getMessage());
            return 1;
        }
    }
}
