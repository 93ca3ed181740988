package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.model.tensor.Shape;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
    private static final Placement CHANNELS_LAST = LibtorchProvider.placement(Device.CPU, ScalarType.Float, true);
    private static final Shape IMAGES = Shape.of(1, 3, 1, 2);

    @ParameterizedTest
    @EnumSource(Precision.class)
    void hasChannelsLast_isForTensorCores(Precision precision) {
        assertThat(LibtorchProvider.hasChannelsLast(Device.CPU, precision)).isFalse();
        assertThat(LibtorchProvider.hasChannelsLast(Device.CUDA, precision)).isEqualTo(precision != Precision.FP32);
    }

    @Test
    void input_channelsLast_readsWhatWasWrittenAndStoresPixelsTogether() {
        try (Tensor input = CHANNELS_LAST.input(IMAGES)) {
            CHANNELS_LAST.upload(new float[] {1, 2, 3, 4, 5, 6}, input);

            assertThat(input.is_contiguous(MemoryFormat.ChannelsLast)).isTrue();
            assertThat(input.is_contiguous()).isFalse();
            assertThat(CHANNELS_LAST.readFloats(input)).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void view_channelsLast_isReversedByFlatten() {
        try (Tensor flat = CHANNELS_LAST.of(new double[] {1, 2, 3, 4, 5, 6}, 6)) {
            NativeMemory.free(() -> {
                Tensor view = CHANNELS_LAST.view(flat, IMAGES);

                // Two pixels of three channels: the elements of a channel are three apart.
                assertThat(CHANNELS_LAST.readFloats(view)).containsExactly(1, 4, 2, 5, 3, 6);
                assertThat(CHANNELS_LAST.readFloats(CHANNELS_LAST.flatten(view)))
                        .containsExactly(1, 2, 3, 4, 5, 6);
            });
        }
    }

    @Test
    void view_vectorsAndMatrices_areRowMajor() {
        try (Tensor flat = CHANNELS_LAST.of(new double[] {1, 2, 3, 4, 5, 6}, 6)) {
            NativeMemory.free(() -> {
                Tensor view = CHANNELS_LAST.view(flat, Shape.of(2, 3));

                assertThat(view.is_contiguous()).isTrue();
                assertThat(CHANNELS_LAST.readFloats(view)).containsExactly(1, 2, 3, 4, 5, 6);
            });
        }
    }
}
