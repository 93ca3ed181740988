package dev.tandem.engine.libtorch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Frees what code allocates in libtorch when the code ends. All code that allocates runs in its methods, so they also
 * recognize exceptions about memory.
 */
final class NativeMemory {
    private NativeMemory() {}

    /** Frees everything that the code allocates. */
    static void free(Runnable code) {
        freeAfter(() -> {
            code.run();
            return true;
        });
    }

    /** Frees everything that the code allocates. Its result must not be an object of libtorch. */
    static <R> R freeAfter(Supplier<R> code) {
        PointerScope scope = new PointerScope();
        try {
            return OutOfMemory.recognized(code);
        } finally {
            scope.close();
        }
    }

    /**
     * Frees everything that the code allocates except its result, which the caller must close.
     *
     * @param code returns a tensor that it allocates. Operations in place ({@code copy_}) and getters of tuples and vectors
     *     return references, which would be invalid.
     */
    static Tensor keep(Supplier<Tensor> code) {
        return freeAfter(() -> code.get().retainReference());
    }

    /** Runs code with or without autograd. */
    static <R> R withAutograd(boolean enabled, Supplier<R> code) {
        AutoGradMode mode = new AutoGradMode(enabled);
        try {
            return code.get();
        } finally {
            mode.close();
        }
    }
}
