package dev.tandem.datasets.files;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Checks items by several threads. */
public final class ParallelCheck {
    private ParallelCheck() {}

    /**
     * Checks all items.
     *
     * @param parallelism number of items that are checked at the same time
     * @param problem the problem of an item; called by several threads
     * @param onChecked run after each item, by several threads
     * @return the problem of each invalid item, by its index
     */
    public static <T> Map<Integer, String> problems(
            List<T> items, int parallelism, Function<T, Optional<String>> problem, Runnable onChecked) {
        Map<Integer, String> problems = new ConcurrentSkipListMap<>();
        ForkJoinPool pool = new ForkJoinPool(parallelism);
        try {
            pool.submit(() -> IntStream.range(0, items.size()).parallel().forEach(i -> {
                        problem.apply(items.get(i)).ifPresent(found -> problems.put(i, found));
                        onChecked.run();
                    }))
                    .join();
        } finally {
            pool.shutdown();
        }
        return problems;
    }
}
