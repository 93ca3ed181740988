package dev.tandem.app;

import dev.tandem.app.command.TandemCommand;

/** Entry point. Exit codes: 0 success, 1 failure, 2 wrong usage. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(TandemCommand.commandLine().execute(arguments));
    }
}
