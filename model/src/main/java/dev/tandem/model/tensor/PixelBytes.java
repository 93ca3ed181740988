package dev.tandem.model.tensor;

/** Images in [-1, 1] as one byte per value, as image files have them. */
public final class PixelBytes {
    private static final float HALF_RANGE = 127.5f;

    private PixelBytes() {}

    /** The nearest levels of 0 to 255. */
    public static byte[] of(Tensor image) {
        byte[] bytes = new byte[image.data().length];
        for (int i = 0; i < bytes.length; i++) {
            float level = (Math.max(-1, Math.min(1, image.data()[i])) + 1) * HALF_RANGE;
            bytes[i] = (byte) Math.round(level);
        }
        return bytes;
    }

    /** Converts bytes back to an image. */
    public static Tensor image(Shape shape, byte[] bytes) {
        float[] data = new float[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = Byte.toUnsignedInt(bytes[i]) / HALF_RANGE - 1;
        }
        return new Tensor(shape, data);
    }
}
