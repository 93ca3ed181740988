package dev.tandem.images.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageReader;

/**
 * A JPEG.
 *
 * @param content the segments that hold pixels
 * @param components 1: grey; 3: colour; 4: CMYK
 * @param transformed whether the first three of four components are stored as YCbCr
 * @param exif of the segment APP1
 * @param profile of the segments APP2
 */
record JpegFile(byte[] content, int components, boolean transformed, Optional<byte[]> exif, Optional<byte[]> profile)
        implements PictureFile {

    static JpegFile parse(byte[] bytes) throws IOException {
        JpegSegments segments = JpegSegments.parse(bytes);
        int components = segments.components();
        if (components != 1 && components != 3 && components != 4) {
            throw new IOException("it has " + components + " components; 1, 3 or 4 are allowed");
        }
        return new JpegFile(segments.pixels(), components, segments.isYcck(), segments.exif(), segments.profile());
    }

    @Override
    public String format() {
        return "jpeg";
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        if (components == 4) {
            return new Cmyk(transformed, ColourProfile.of(profile, ColorSpace.TYPE_CMYK)).toImage(rows(reader));
        }
        BufferedImage image = Pixels.image(reader.read(0));
        ColourProfile.of(profile, components == 1 ? ColorSpace.TYPE_GRAY : ColorSpace.TYPE_RGB)
                .ifPresent(colours -> colours.applyTo(image));
        return image;
    }

    private static Raster rows(ImageReader reader) throws IOException {
        return reader.readRaster(0, reader.getDefaultReadParam());
    }
}
