package dev.tandem.testkit.stream;

import dev.tandem.testkit.process.TandemProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of a run that has not started yet. Each method returns a new command line.
 *
 * @param arguments the arguments of {@code ./tandem}
 * @param javaOptions options of the JVM
 */
public record TestRun(List<String> arguments, String javaOptions) {
    public TestRun {
        arguments = List.copyOf(arguments);
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
        return new TestRun(all, javaOptions);
    }

    /** @param options options of the JVM, in place of the default {@code -Xmx1g} */
    public TestRun withJavaOptions(String options) {
        return new TestRun(arguments, options);
    }

    public TandemProcess start() {
        return TandemProcess.start(arguments, javaOptions);
    }

    /** Starts the run and waits for its end; fails unless its exit code is 0. */
    public RunResult complete() {
        try (TandemProcess run = start()) {
            return RunResult.of(run);
        }
    }
}
