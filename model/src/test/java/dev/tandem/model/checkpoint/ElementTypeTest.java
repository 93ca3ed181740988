package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ElementTypeTest {

    /** All 65,536 values, bit by bit, against the conversion of ONNX Runtime. */
    @Test
    void next_everyHalf_isItsExactValue() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            float expected = Fp16Conversions.fp16ToFloat((short) bits);

            float actual = ElementType.F16.next(ByteBuffer.allocate(2).putShort(0, (short) bits));

            assertThat(Float.floatToIntBits(actual)).as("bits %x", bits).isEqualTo(Float.floatToIntBits(expected));
        }
    }

    @Test
    void next_someHalves_areTheValuesOfTheStandard() {
        assertThat(half(0x3c00)).isEqualTo(1f);
        assertThat(half(0xc000)).isEqualTo(-2f);
        assertThat(half(0x7bff)).isEqualTo(65504f);
        assertThat(half(0x0001)).isEqualTo(0x1p-24f);
        assertThat(half(0x03ff)).isEqualTo(1023 * 0x1p-24f);
        assertThat(half(0x3555)).isEqualTo(0.333251953125f);
        assertThat(half(0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(half(0x7e00)).isNaN();
        assertThat(Float.floatToRawIntBits(half(0x8000))).isEqualTo(0x80000000);
    }

    @Test
    void next_bfloat16_isTheUpperHalfOfAFloat() {
        assertThat(ElementType.BF16.next(ByteBuffer.allocate(2).putShort(0, (short) 0xbf80)))
                .isEqualTo(-1f);
        assertThat(ElementType.BF16.next(ByteBuffer.allocate(2).putShort(0, (short) 0x4049)))
                .isEqualTo(3.140625f);
    }

    @Test
    void next_double_isRoundedToTheNearestFloat() {
        assertThat(ElementType.F64.next(ByteBuffer.allocate(8).putDouble(0, 0.1)))
                .isEqualTo(0.1f);
        assertThat(ElementType.F64.next(ByteBuffer.allocate(8).putDouble(0, -1e39)))
                .isEqualTo(Float.NEGATIVE_INFINITY);
    }

    private static float half(int bits) {
        return ElementType.F16.next(ByteBuffer.allocate(2).putShort(0, (short) bits));
    }
}
