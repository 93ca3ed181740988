package dev.tandem.datasets.files;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells images from other files by the extensions of their names. */
final class ImageFormats {
    /** The formats that the decoder reads. */
    static final String SUPPORTED = "PNG, JPEG, WebP, BMP or GIF";

    private static final Set<String> READ =
            Set.of("png", "jpg", "jpeg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjp", "webp", "bmp", "gif");
    private static final Set<String> NOT_READ = Set.of(
            "ai", "apng", "arw", "avif", "avifs", "cr2", "cr3", "dcm", "dds", "dib", "dng", "emf", "eps", "exr", "fits",
            "hdr", "heic", "heif", "hif", "icns", "ico", "j2c", "j2k", "jng", "jp2", "jpc", "jpf", "jpm", "jpx", "jxl",
            "jxr", "mng", "nef", "orf", "pam", "pbm", "pcx", "pfm", "pgm", "pict", "pnm", "ppm", "psb", "psd", "qoi",
            "raf", "raw", "rw2", "sgi", "svg", "svgz", "tga", "tif", "tiff", "wbmp", "wdp", "wmf", "xbm", "xcf", "xpm");

    private ImageFormats() {}

    static boolean isRead(Path file) {
        return READ.contains(extension(file));
    }

    /** The extension of an image, in lower case with its dot, if the decoder does not read its format. */
    static Optional<String> unsupported(Path file) {
        return Optional.of(extension(file)).filter(NOT_READ::contains).map(extension -> "." + extension);
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
