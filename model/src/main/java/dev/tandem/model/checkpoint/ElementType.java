package dev.tandem.model.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Type of a tensor's elements, by its name in a safetensors header.
 *
 * <p>Floating-point elements can be read as float32: exactly from F16, BF16 and F32, rounded to nearest from F64.
 */
enum ElementType {
    F64(Double.BYTES),
    F32(Float.BYTES),
    F16(Short.BYTES),
    BF16(Short.BYTES),
    F8_E4M3(Byte.BYTES),
    F8_E5M2(Byte.BYTES),
    I64(Long.BYTES),
    U64(Long.BYTES),
    I32(Integer.BYTES),
    U32(Integer.BYTES),
    I16(Short.BYTES),
    U16(Short.BYTES),
    I8(Byte.BYTES),
    U8(Byte.BYTES),
    BOOL(Byte.BYTES);

    private static final int HALF_FRACTION_BITS = 10;
    private static final int HALF_FRACTION = 0x3ff;
    private static final int HALF_EXPONENT = 0x1f;
    private static final int HALF_BIAS = 15;

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Size of an element. */
    int bytes() {
        return bytes;
    }

    /** Whether elements can be read as float32. */
    boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /**
     * Reads the next element of a little-endian buffer as float32. An F64 value beyond the range of float32 gives an
     * infinity.
     */
    float next(ByteBuffer buffer) {
        return switch (this) {
            case F64 -> (float) buffer.getDouble();
            case F32 -> buffer.getFloat();
            case F16 -> half(buffer.getShort());
            case BF16 -> Float.intBitsToFloat(buffer.getShort() << Short.SIZE);
            default -> throw new IllegalStateException(this + " is not a floating-point type");
        };
    }

    /** The value of an IEEE 754 half; {@code Float.float16ToFloat} needs Java 20. */
    private static float half(short bits) {
        int exponent = bits >> HALF_FRACTION_BITS & HALF_EXPONENT;
        int fraction = bits & HALF_FRACTION;
        float magnitude = switch (exponent) {
            case 0 -> Math.scalb((float) fraction, 1 - HALF_BIAS - HALF_FRACTION_BITS);
            case HALF_EXPONENT -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default ->
                Math.scalb((float) (fraction | 1 << HALF_FRACTION_BITS), exponent - HALF_BIAS - HALF_FRACTION_BITS);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
