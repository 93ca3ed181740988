package dev.tandem.images.decode;

/** What is done with decoded pixels while memory is reserved for them. */
@FunctionalInterface
public interface ImageUse<I, T> {
    T apply(I images) throws InvalidInput;
}
