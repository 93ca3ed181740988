package dev.tandem.engine.libtorch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The shared libraries that the loader finds on this machine. It looks at names only and loads nothing, because a loaded
 * CUDA library cannot be unloaded.
 *
 * @param names file names, for instance {@code libcudnn.so.9}
 */
record LibrarySearch(Set<String> names) {
    /** Where JavaCPP looks for CUDA besides the paths of Java. */
    private static final List<String> CUDA_FOLDERS = List.of(
            "/usr/local/cuda-13.1/lib64",
            "/usr/local/cuda-13.1/extras/CUPTI/lib64",
            "/usr/local/cuda/lib64",
            "/usr/local/cuda/extras/CUPTI/lib64",
            "/usr/lib64");

    private static final String CUDA_JAR = "org/bytedeco/cuda/linux-x86_64/";
    private static final List<String> LIST_OF_THE_SYSTEM = List.of("/sbin/ldconfig", "-p");
    private static final long TIMEOUT_SECONDS = 10;

    LibrarySearch {
        names = Set.copyOf(names);
    }

    /** Libraries in the paths of the environment and of JavaCPP, and in the cache of the system's loader. */
    static LibrarySearch ofMachine() {
        // Java's path includes LD_LIBRARY_PATH and the standard folders.
        Stream<String> folders = Stream.concat(
                Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator)),
                CUDA_FOLDERS.stream());
        return of(folders.filter(folder -> !folder.isEmpty()).map(Path::of).toList(), listOfTheSystem());
    }

    /**
     * @param folders folders with libraries; those that do not exist are ignored
     * @param listOfTheSystem the output of {@code ldconfig -p}
     */
    static LibrarySearch of(List<Path> folders, String listOfTheSystem) {
        Set<String> names = new TreeSet<>();
        folders.forEach(folder -> names.addAll(in(folder)));
        // A line is "	libcudnn.so.9 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcudnn.so.9".
        listOfTheSystem
                .lines()
                .filter(line -> line.contains(" => "))
                .map(line -> line.trim().split(" ", 2)[0])
                .forEach(names::add);
        return new LibrarySearch(names);
    }

    /** Whether the loader finds a library there, or JavaCPP in a jar of CUDA. */
    boolean finds(String name) {
        return names.contains(name) || LibrarySearch.class.getClassLoader().getResource(CUDA_JAR + name) != null;
    }

    /** Other versions of a library that were found, sorted: {@code libcudnn.so.8} for {@code libcudnn.so.9}. */
    List<String> otherVersions(String name) {
        String stem = name.substring(0, name.lastIndexOf('.') + 1);
        return names.stream()
                .filter(found -> found.startsWith(stem) && !found.equals(name))
                .filter(found -> found.substring(stem.length()).chars().allMatch(Character::isDigit))
                .sorted()
                .toList();
    }

    private static Set<String> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            // A broken link does not exist.
            return files.filter(Files::exists)
                    .map(Path::getFileName)
                    .filter(Objects::nonNull)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".so") || name.contains(".so."))
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    private static String listOfTheSystem() {
        try {
            Process process = new ProcessBuilder(LIST_OF_THE_SYSTEM)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
