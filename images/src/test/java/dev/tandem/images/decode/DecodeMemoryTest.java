package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.images.TestImages;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.awt.image.BufferedImage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeMemoryTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"1, 600", "2, 300", "3, 300", "64, 300"})
    void reserve_largestImage_hasHalfOfTheMemoryWithSeveralThreads(int threads, long largest) throws InvalidInput {
        DecodeMemory memory = new DecodeMemory(600 * MIB, threads);

        try (DecodeMemory.Reservation reservation = memory.open()) {
            reservation.reserve(largest * MIB);
        }
        try (DecodeMemory.Reservation reservation = memory.open()) {
            assertThatThrownBy(() -> reservation.reserve(largest * MIB + 1))
                    .isInstanceOfSatisfying(
                            InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
                    .hasMessageContaining("a decoder's share of the heap is " + largest + " MiB");
        }
    }

    @Test
    void decode_largeImageInUse_smallOnesDoNotWaitAndLargeOnesDo() throws Exception {
        // 64x64 pixels need 32 KiB to decode, the share of one of five threads is 16 KiB, and 32x32 pixels need 8 KiB.
        ImageDecoder decoder =
                new ImageDecoder(TestImages.limits(1_000_000, 1 << 20, 5), false, new DecodeMemory(128 << 10, 5));
        byte[] large = png(64);
        byte[] small = png(32);
        CompletableFuture<Boolean> largeEnded = new CompletableFuture<>();
        CompletableFuture<Boolean> secondStartedAfterwards = new CompletableFuture<>();
        Thread second = new Thread(() -> {
            try {
                secondStartedAfterwards.complete(decoder.decode(large, image -> largeEnded.isDone()));
            } catch (InvalidInput e) {
                secondStartedAfterwards.completeExceptionally(e);
            }
        });

        decoder.decode(large, image -> {
            second.start();
            // Ends although the large image is in use.
            int width =
                    CompletableFuture.supplyAsync(() -> width(decoder, small)).join();
            while (second.getState() != Thread.State.WAITING && second.isAlive()) {
                Thread.onSpinWait();
            }
            largeEnded.complete(true);
            return width;
        });

        assertThat(secondStartedAfterwards.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void reserve_twoImages_countTogether() throws InvalidInput {
        DecodeMemory memory = new DecodeMemory(600 * MIB, 4);

        try (DecodeMemory.Reservation reservation = memory.open()) {
            reservation.reserve(160 * MIB);
            reservation.reserve(140 * MIB);
            assertThatThrownBy(() -> reservation.reserve(1))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("the images need 300 MiB");
        }
    }

    /** Each image alone fits into the share of a thread, 16 KiB; both together do not. */
    @Test
    void decode_twoImagesAboveTheShare_waitForALargeImage() throws Exception {
        ImageDecoder decoder =
                new ImageDecoder(TestImages.limits(1_000_000, 1 << 20, 5), false, new DecodeMemory(128 << 10, 5));
        CompletableFuture<Boolean> largeEnded = new CompletableFuture<>();
        CompletableFuture<Boolean> pairDecodedAfterwards = new CompletableFuture<>();
        Thread second = new Thread(() -> {
            try {
                pairDecodedAfterwards.complete(decoder.decode(png(40), png(40), pair -> largeEnded.isDone()));
            } catch (InvalidInput e) {
                pairDecodedAfterwards.completeExceptionally(e);
            }
        });

        decoder.decode(png(64), image -> {
            second.start();
            while (second.getState() != Thread.State.WAITING && second.isAlive()) {
                Thread.onSpinWait();
            }
            return largeEnded.complete(true);
        });

        assertThat(pairDecodedAfterwards.get(60, TimeUnit.SECONDS)).isTrue();
    }

    private static int width(ImageDecoder decoder, byte[] image) {
        try {
            return decoder.decode(image).getWidth();
        } catch (InvalidInput e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] png(int side) {
        return TestImages.png(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB));
    }
}
