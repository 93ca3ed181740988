package dev.tandem.images.decode;

/** A rectangle of an image, in pixels; x and y count from the upper left corner. */
public record Crop(int x, int y, int width, int height) {}
