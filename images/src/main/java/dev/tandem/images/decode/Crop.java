package dev.tandem.images.decode;

/** A part of a picture, in pixels from its upper left corner. */
public record Crop(int x, int y, int width, int height) {}
