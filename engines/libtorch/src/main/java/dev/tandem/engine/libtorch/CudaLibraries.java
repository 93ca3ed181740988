package dev.tandem.engine.libtorch;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;

/** The libraries of NVIDIA that libtorch for GPUs needs, and how to get those that are missing. */
final class CudaLibraries {

    /** A product of NVIDIA, with the libraries that libtorch needs of it. */
    private record Product(String name, List<String> libraries) {
        Product missing(LibrarySearch search) {
            return new Product(
                    name,
                    libraries.stream().filter(library -> !search.finds(library)).toList());
        }
    }

    /** What {@code readelf -d} lists for libtorch's libraries for GPUs, and what those need in turn. */
    private static final List<Product> FOR_GPU = List.of(
            new Product(
                    "CUDA 13",
                    List.of(
                            "libcudart.so.13",
                            "libcupti.so.13",
                            "libcublas.so.13",
                            "libcublasLt.so.13",
                            "libcufft.so.12",
                            "libcufile.so.0",
                            "libcurand.so.10",
                            "libcusolver.so.12",
                            "libcusparse.so.12",
                            "libnvJitLink.so.13")),
            new Product("cuDNN 9 for CUDA 13", List.of("libcudnn.so.9")),
            new Product("NCCL 2 for CUDA 13", List.of("libnccl.so.2")));

    /** The part that computes on CPUs needs these, too. */
    private static final List<Product> FOR_CPU =
            List.of(new Product("CUDA 13", List.of("libcudart.so.13", "libcupti.so.13")));

    private CudaLibraries() {}

    /** The libraries that are missing for GPUs, with the remedy, as a clause for messages; empty if none is missing. */
    static Optional<String> missingForGpu(LibrarySearch search) {
        return missing(FOR_GPU, search);
    }

    /**
     * Why libtorch for GPUs cannot compute on the CPU, with the remedy, as a clause for messages; empty if it can. If a library
     * for GPUs is missing, JavaCPP cannot load the build's libtorch.so and loads the system's, if there is one.
     */
    static Optional<String> obstacleOnCpu(LibrarySearch search) {
        return missing(FOR_CPU, search)
                .or(
                        () -> missingForGpu(search)
                                .filter(missing -> search.finds("libtorch.so"))
                                .map(
                                        missing -> missing
                                                + "; without it, the system's libtorch.so would be loaded, too, and two versions crash the process"));
    }

    private static Optional<String> missing(List<Product> products, LibrarySearch search) {
        List<Product> incomplete = products.stream()
                .map(product -> product.missing(search))
                .filter(product -> !product.libraries().isEmpty())
                .toList();
        if (incomplete.isEmpty()) {
            return Optional.empty();
        }
        List<String> missing = incomplete.stream()
                .flatMap(product -> product.libraries().stream())
                .toList();
        String found = missing.stream()
                .flatMap(library -> search.otherVersions(library).stream())
                .map(other -> "found " + other + "; ")
                .collect(joining());
        String install = incomplete.stream().map(Product::name).collect(joining(", "));
        return Optional.of("libtorch does not find " + String.join(", ", missing) + " (" + found + "install " + install
                + ", or add the folder to LD_LIBRARY_PATH)");
    }
}
