package dev.tandem.pipeline.decode;

/** A part of a picture, in pixels from its upper left corner. */
public record Crop(int x, int y, int width, int height) {}
