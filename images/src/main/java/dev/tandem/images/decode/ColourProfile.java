package dev.tandem.images.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;
import java.util.Set;

/** An embedded ICC profile. It converts samples to sRGB: perceptual intent, black point compensation. */
final class ColourProfile {
    /** Large CMYK profiles have about 2 MB. */
    static final int MAX_BYTES = 4 << 20;

    private static final int HEADER_BYTES = 128;
    private static final Set<Integer> DEVICE_CLASSES =
            Set.of(ICC_Profile.CLASS_INPUT, ICC_Profile.CLASS_DISPLAY, ICC_Profile.CLASS_OUTPUT);
    /** Levels of each channel with which a profile is compared with sRGB. */
    private static final int[] PROBES = {0, 1, 8, 32, 64, 96, 128, 160, 192, 224, 254, 255};

    private final ColorConvertOp operation;
    private final int bands;

    private ColourProfile(ICC_Profile profile) {
        this.operation = new ColorConvertOp(new ICC_Profile[] {profile, srgb()}, null);
        this.bands = profile.getNumComponents();
    }

    /** The profile of sRGB as version 4, because to such a profile Java compensates the black point. */
    private static ICC_Profile srgb() {
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        data[ICC_Profile.icHdrVersion] = 4;
        return ICC_Profile.getInstance(data);
    }

    /**
     * Reads a profile.
     *
     * @param data ICC profile
     * @param colourSpace of the image's samples, a constant of {@link ColorSpace}
     * @return empty if the profile is damaged, is for other samples, or is the profile of sRGB
     */
    static Optional<ColourProfile> of(Optional<byte[]> data, int colourSpace) {
        return data.filter(bytes -> bytes.length >= HEADER_BYTES && bytes.length <= MAX_BYTES)
                .flatMap(bytes -> read(bytes, colourSpace));
    }

    private static Optional<ColourProfile> read(byte[] data, int colourSpace) {
        try {
            ICC_Profile profile = ICC_Profile.getInstance(asDisplay(data));
            if (profile.getColorSpaceType() != colourSpace || !DEVICE_CLASSES.contains(profile.getProfileClass())) {
                return Optional.empty();
            }
            ColourProfile colours = new ColourProfile(profile);
            return colourSpace == ColorSpace.TYPE_RGB && colours.isNearSrgb() ? Optional.empty() : checked(colours);
        } catch (RuntimeException e) {
            // Java throws runtime exceptions of several kinds on damaged profiles.
            return Optional.empty();
        }
    }

    /** Converts a sample, because some damage shows only in a conversion. */
    private static Optional<ColourProfile> checked(ColourProfile colours) {
        colours.convert(new byte[colours.bands]);
        return Optional.of(colours);
    }

    /** Changes the class of a printer's profile to display, because Java would not use the perceptual intent otherwise. */
    private static byte[] asDisplay(byte[] data) {
        byte[] copy = data.clone();
        if (new String(copy, ICC_Profile.icHdrDeviceClass, 4, US_ASCII).equals("prtr")) {
            System.arraycopy("mntr".getBytes(US_ASCII), 0, copy, ICC_Profile.icHdrDeviceClass, 4);
        }
        return copy;
    }

    private boolean isNearSrgb() {
        int n = PROBES.length;
        byte[] samples = new byte[n * n * n * 3];
        for (int i = 0; i < n * n * n; i++) {
            samples[3 * i] = (byte) PROBES[i % n];
            samples[3 * i + 1] = (byte) PROBES[i / n % n];
            samples[3 * i + 2] = (byte) PROBES[i / n / n];
        }
        byte[] converted = convert(samples);
        for (int i = 0; i < samples.length; i++) {
            if (Math.abs((converted[i] & 0xff) - (samples[i] & 0xff)) > 1) {
                return false;
            }
        }
        return true;
    }

    /** Converts the colours of an image in place; of a grey image if this is a grey profile. */
    void applyTo(BufferedImage image) {
        int[] greys = bands == 1 ? greys() : new int[0];
        int width = image.getWidth();
        int[] pixels = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getDataElements(0, y, width, 1, pixels);
            if (bands == 1) {
                for (int x = 0; x < width; x++) {
                    pixels[x] = pixels[x] & Pixels.OPAQUE | greys[pixels[x] & 0xff];
                }
            } else {
                convertColours(pixels);
            }
            image.getRaster().setDataElements(0, y, width, 1, pixels);
        }
    }

    /** The colour of each grey level, 0x00RRGGBB. */
    private int[] greys() {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }
        int[] greys = new int[levels.length];
        putColours(convert(levels), greys);
        return greys;
    }

    private void convertColours(int[] pixels) {
        byte[] samples = new byte[pixels.length * 3];
        for (int x = 0; x < pixels.length; x++) {
            samples[3 * x] = (byte) (pixels[x] >> 16);
            samples[3 * x + 1] = (byte) (pixels[x] >> 8);
            samples[3 * x + 2] = (byte) pixels[x];
        }
        putColours(convert(samples), pixels);
    }

    /** Replaces the colours of pixels and leaves their alpha. */
    static void putColours(byte[] rgb, int[] pixels) {
        for (int x = 0; x < pixels.length; x++) {
            pixels[x] = pixels[x] & Pixels.OPAQUE
                    | (rgb[3 * x] & 0xff) << 16
                    | (rgb[3 * x + 1] & 0xff) << 8
                    | rgb[3 * x + 2] & 0xff;
        }
    }

    /** Converts samples, pixel by pixel, to RGB. */
    byte[] convert(byte[] samples) {
        int length = samples.length / bands;
        WritableRaster source = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, length, 1, bands, null);
        source.setDataElements(0, 0, length, 1, samples);
        WritableRaster target = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, length, 1, 3, null);
        operation.filter(source, target);
        return (byte[]) target.getDataElements(0, 0, length, 1, null);
    }
}
