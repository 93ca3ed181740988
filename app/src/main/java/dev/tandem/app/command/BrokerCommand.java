package dev.tandem.app.command;

import dev.tandem.app.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "broker",
        description = "Start a single-node Kafka broker for development and tests. Ctrl-C stops it.",
        footer = {"", "Example:", "  tandem broker --dir broker --property message.max.bytes=20971520"})
final class BrokerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Data folder of the broker.")
    private Path directory;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port on the loopback address; 0 selects a free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "A setting of the Kafka broker, which overrides Tandem's. Repeatable.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Override
    public Integer call() {
        EmbeddedBroker broker = EmbeddedBroker.start(directory, port, properties);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
        spec.commandLine().getOut().println("broker ready at " + broker.bootstrapServers());
        spec.commandLine().getOut().flush();
        broker.awaitShutdown();
        return 0;
    }
}
