package dev.tandem.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a model on request, so that several programs can be measured in turns while all of them stay ready. bench/gpu
 * drives it; bench/gpu/worker.py is its counterpart with the same protocol.
 *
 * <p>Arguments: {@code step} or {@code generate}, the batch size, and settings {@code KEY=VALUE}. Each line of standard
 * input is a number of runs. The answer is one line of JSON: {@code {"millis": [...]}}, the time of each run. Before the
 * first request it waits for the line {@code open} and answers {@code {"device": ...}}; until then it uses no GPU.
 * An error ends it with the line {@code {"error": ...}}.
 */
public final class MeasurementWorker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS_PER_MILLI = 1e6;

    private MeasurementWorker() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // Libraries may print, but only answers go to the kit.
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (requests.readLine() == null) {
            return;
        }
        try {
            serve(List.of(arguments), requests, answers);
        } catch (RuntimeException | LinkageError e) {
            // Messages of libtorch continue with the stack trace of C++.
            String message = Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
            answer(answers, Map.of("error", message.lines().findFirst().orElseThrow()));
        }
    }

    private static void serve(List<String> arguments, BufferedReader requests, PrintStream answers) throws IOException {
        int batch = Integer.parseInt(arguments.get(1));
        List<String> assignments = new ArrayList<>(List.of("train.batch-size=" + batch));
        assignments.addAll(arguments.subList(2, arguments.size()));
        Settings settings = SettingsLoader.load(Optional.empty(), assignments);
        boolean trains = arguments.get(0).equals("step");
        try (BicycleGan model = open(trains, settings)) {
            Runnable work = trains ? step(model, batch) : translation(model, batch);
            answer(answers, Map.of("device", model.device()));
            for (String runs = requests.readLine(); runs != null; runs = requests.readLine()) {
                answer(answers, Map.of("millis", measure(work, Integer.parseInt(runs))));
            }
        }
    }

    /** A model that only translates has neither discriminators nor gradients, like the one that the commands open. */
    static BicycleGan open(boolean trains, Settings settings) {
        Engine engine = Engines.open(settings.model());
        return trains ? BicycleGan.fresh(engine, settings) : BicycleGan.translating(engine, settings, Optional.empty());
    }

    private static Runnable step(BicycleGan model, int batch) {
        Tensor a = Noise.gaussian(model.inputShape(batch), 1, "a");
        Tensor b = Noise.gaussian(model.outputShape(batch), 1, "b");
        return () -> {
            // As in a run whose next batch has arrived.
            model.announce(a, b);
            model.train(a, b, Offsets.NONE);
        };
    }

    private static Runnable translation(BicycleGan model, int batch) {
        Tensor a = Noise.gaussian(model.inputShape(batch), 1, "a");
        Tensor z = Noise.gaussian(model.latentShape(batch), 1, "z");
        return () -> model.translate(a, z);
    }

    private static double[] measure(Runnable work, int runs) {
        double[] millis = new double[runs];
        Arrays.setAll(millis, run -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / NANOS_PER_MILLI;
        });
        return millis;
    }

    private static void answer(PrintStream answers, Map<String, ?> answer) throws IOException {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }
}
