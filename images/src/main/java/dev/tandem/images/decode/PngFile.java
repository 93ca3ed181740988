package dev.tandem.images.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * A PNG. Of an APNG, the default image is read.
 *
 * @param content the chunks that hold pixels; the reader gives the samples as stored
 * @param samples what the samples mean
 * @param damage what is missing at the end of the file
 * @param exif of the chunk eXIf
 * @param profile of the chunk iCCP
 */
record PngFile(
        byte[] content, PngSamples samples, Optional<String> damage, Optional<byte[]> exif, Optional<byte[]> profile)
        implements PictureFile {

    static PngFile parse(byte[] bytes, OptionalInt depth) throws IOException {
        PngChunks chunks = PngChunks.parse(bytes);
        return new PngFile(
                chunks.pixels(),
                PngSamples.of(chunks, depth),
                chunks.damage(),
                chunks.data("eXIf"),
                chunks.data("iCCP").flatMap(PngFile::profile));
    }

    /** Inflates a profile, as far as a profile may be long. */
    private static Optional<byte[]> profile(byte[] chunk) {
        int name = 0;
        while (name < chunk.length && chunk[name] != 0) {
            name++;
        }
        int start = Math.min(name + 2, chunk.length);
        try (InflaterInputStream inflater =
                new InflaterInputStream(new ByteArrayInputStream(chunk, start, chunk.length - start))) {
            return Optional.of(inflater.readNBytes(ColourProfile.MAX_BYTES + 1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String format() {
        return "png";
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        if (damage.isPresent()) {
            throw new IOException(damage.get());
        }
        ImageReadParam parameters = reader.getDefaultReadParam();
        parameters.setDestinationType(reader.getRawImageType(0));
        BufferedImage image = samples.toImage(reader.read(0, parameters).getRaster());
        ColourProfile.of(profile, samples.isGrey() ? ColorSpace.TYPE_GRAY : ColorSpace.TYPE_RGB)
                .ifPresent(colours -> colours.applyTo(image));
        return image;
    }
}
