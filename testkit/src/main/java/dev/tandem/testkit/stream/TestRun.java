package dev.tandem.testkit.stream;

import dev.tandem.testkit.process.TandemProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command line of a run that has not started yet. Each method returns a new command line.
 *
 * @param arguments the arguments of {@code ./tandem}
 * @param javaOptions options of the JVM
 * @param environment variables that the command gets in addition
 */
public record TestRun(List<String> arguments, String javaOptions, Map<String, String> environment) {
    public TestRun {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** @param settings {@code key=value} each; the last value of a key counts */
    public TestRun set(String... settings) {
        return with(Stream.of(settings)
                .flatMap(setting -> Stream.of("--set", setting))
                .toArray(String[]::new));
    }

    public TestRun stopAfterPairs(int pairs) {
        return with("--stop-after-pairs", Integer.toString(pairs));
    }

    /** @param options further options of the command {@code run} */
    public TestRun with(String... options) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(options));
        return new TestRun(all, javaOptions, environment);
    }

    /** @param options options of the JVM, in place of the default {@code -Xmx1g} */
    public TestRun withJavaOptions(String options) {
        return new TestRun(arguments, options, environment);
    }

    public TestRun withEnvironment(Map<String, String> variables) {
        return new TestRun(arguments, javaOptions, variables);
    }

    public TandemProcess start() {
        return TandemProcess.start(arguments, javaOptions, environment);
    }

    /** Starts the run and waits for its end; fails unless its exit code is 0. */
    public RunResult complete() {
        try (TandemProcess run = start()) {
            return RunResult.of(run);
        }
    }
}
