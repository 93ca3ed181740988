#!/usr/bin/env python3
"""Writes the goldens of the decoder: about 300 small pictures, and what Pillow decodes them to.

It needs Python with Pillow (Debian: python3-pil), and runs in any folder:

    /usr/bin/python3 images/src/test/python/pictures.py            writes the archive among the test resources
    /usr/bin/python3 images/src/test/python/pictures.py ARCHIVE    writes another archive
    /usr/bin/python3 images/src/test/python/pictures.py --compare ARCHIVE
                                     decodes the pictures of an archive with the installed Pillow and compares

The archive is a ZIP of three files. `index.tsv` has a line per picture: name, setting images.depth, length in `pictures`,
outcome, and who computed it. The outcome is a reason of rejection, or WIDTHxHEIGHT followed by + if pixels are transparent.
`results` has the RGBA of each decoded picture, and with + also its RGB on white.

Pillow's result is upright (ImageOps.exif_transpose), in sRGB (ImageCms) and, on white, composited by alpha_composite. Where
Pillow is no model, the script computes the result: 16 bits, canvases of GIFs, colours of damaged profiles.
"""
import io
import random
import struct
import sys
import zipfile
import zlib
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, features

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import containers as c

ARCHIVE = Path(__file__).resolve().parent.parent / "resources" / "dev" / "tandem" / "images" / "decode" / "pictures.zip"
VERSION = "Pillow %s, jpeg %s, webp %s, lcms %s, zlib %s" % (
    Image.__version__, features.version("libjpeg_turbo"), features.version("webp"),
    features.version("littlecms2"), features.version("zlib"))
DAMAGED, NO_IMAGE, TOO_LARGE = "DAMAGED_IMAGE", "NOT_AN_IMAGE", "TOO_MANY_PIXELS"
W, H = 24, 16

pictures = []


def add(name, data, reason=None, expected=None, depth="auto"):
    """Adds a picture. Without a reason or an expected RGBA image, Pillow decodes it."""
    if any(name == other[0] for other in pictures):
        raise ValueError("two pictures are named " + name)
    pictures.append((name, depth, data, reason, expected))


# ---------------------------------------------------------------- Pillow's results

def to_srgb(image, profile):
    """Converts by the embedded profile, if it fits the picture."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError):
        return image
    alpha = image.getchannel("A") if "A" in image.getbands() else None
    colours = {"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode)
    if {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}[colours] != space:
        return image
    try:
        converted = ImageCms.profileToProfile(
            image.convert(colours), source, ImageCms.createProfile("sRGB"), renderingIntent=0, outputMode="RGB")
    except ImageCms.PyCMSError:
        return image
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def decoded(data):
    """The upright picture as Pillow decodes it, RGBA."""
    image = Image.open(io.BytesIO(data))
    image.load()
    profile = image.info.get("icc_profile")
    oriented = image.getexif().get(0x112, 1)
    if image.mode in ("P", "1") or "transparency" in image.info:
        grey = image.mode == "L"
        image = image.convert("RGBA")
        image = image.convert("LA") if grey else image
    if profile:
        image = to_srgb(image, profile)
    image = image.convert("RGBA")
    if oriented != 1:
        exif = Image.Exif()
        exif[0x112] = oriented
        image.info["exif"] = exif.tobytes()
        image._exif = None
        image = ImageOps.exif_transpose(image)
    return image


def on_white(image):
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


# ---------------------------------------------------------------- contents

def smooth(width=W, height=H):
    return [[(255 * x // max(1, width - 1), 255 * y // max(1, height - 1), 255 - 255 * (x + y) // (width + height - 1))
             for x in range(width)] for y in range(height)]


def texture(width=W, height=H, seed=7):
    rng = random.Random(seed)
    return [[tuple(rng.randrange(256) for _ in range(3)) for _ in range(width)] for _ in range(height)]


def image(rows):
    result = Image.new("RGB", (len(rows[0]), len(rows)))
    result.putdata([pixel for row in rows for pixel in row])
    return result


def alphas(width=W, height=H):
    """Alphas from 0 to 255, with opaque and transparent areas."""
    return [[max(0, min(255, (x * 400 // width) - 70 + 5 * y)) for x in range(width)] for y in range(height)]


def with_alpha(rows):
    result = image(rows)
    plane = Image.new("L", result.size)
    plane.putdata([a for row in alphas(*result.size) for a in row])
    result.putalpha(plane)
    return result


def rgba(width, height, pixels):
    result = Image.new("RGBA", (width, height))
    result.putdata(pixels)
    return result


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


CONTENTS = {"smooth": smooth, "texture": texture}


def samples(colour, bits, width=W, height=H, content=smooth):
    """Rows of samples of a colour type."""
    top = (1 << bits) - 1
    rows = []
    for colours, levels in zip(content(width, height), alphas(width, height)):
        row = []
        for x, ((r, g, b), a) in enumerate(zip(colours, levels)):
            # Low bytes differ from high ones, so that a reader that swaps or cuts them shows.
            deep = [min(65535, v * 256 + (37 * x + v) % 256) for v in (r, g, b, a)]
            scaled = deep if bits == 16 else [v * top // 255 for v in (r, g, b, a)]
            row += {0: scaled[:1], 2: scaled[:3], 3: scaled[:1], 4: [scaled[0], scaled[3]], 6: scaled}[colour]
        rows.append(row)
    return rows


def palette(bits):
    count = 1 << bits
    return [v for i in range(count) for v in (255 * i // (count - 1), (91 * i) % 256, 255 - (37 * i) % 256)]


def level(sample, top=65535):
    return (sample * 255 + top // 2) // top


def deep(rows, colour, top=65535, alpha_top=65535, key=None):
    """The RGBA image of rows of 16-bit samples."""
    pixels, bands = [], c.BANDS[colour]
    for row in rows:
        for x in range(0, len(row), bands):
            s = row[x:x + bands]
            rgb = [level(v, top) for v in (s[:3] if colour in (2, 6) else s[:1] * 3)]
            alpha = level(s[-1], alpha_top) if colour in (4, 6) else 0 if key == list(s) else 255
            pixels.append(tuple(rgb) + (alpha,))
    return rgba(len(rows[0]) // bands, len(rows), pixels)


# ---------------------------------------------------------------- PNG

def png_types():
    for colour, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for bits in depths:
            for interlace in (0, 1):
                for transparent in (0, 1) if colour in (0, 2, 3) else (0,):
                    png_type(colour, bits, interlace, transparent)
    for width, height in ((1, 1), (3, 1), (1, 7), (5, 5), (9, 2), (2, 9)):
        for interlace in (0, 1):
            rows = samples(2, 8, width, height, texture)
            add("png/size-%dx%d-interlaced%d.png" % (width, height, interlace), c.png(rows, 8, 2, interlace))


def png_type(colour, bits, interlace, transparent):
    rows = samples(colour, bits, content=texture if bits >= 8 else smooth)
    before, key = b"", None
    if transparent and colour == 3:
        before = c.chunk(b"tRNS", bytes((0, 128, 255, 30)[:1 << bits]))
    elif transparent:
        key = rows[5][9 * c.BANDS[colour]:10 * c.BANDS[colour]]
        before = c.chunk(b"tRNS", b"".join(struct.pack(">H", v) for v in key))
    name = "png/type%d-%dbit-interlaced%d-transparent%d.png" % (colour, bits, interlace, transparent)
    data = c.png(rows, bits, colour, interlace, before, palette=palette(bits) if colour == 3 else None)
    if bits == 16:
        add(name, data, expected=deep(rows, colour, key=key))
    elif colour == 0 and bits < 8:
        # Pillow compares the transparent grey with scaled samples.
        pixels = [(level(v, (1 << bits) - 1),) * 3 + (0 if key == [v] else 255,) for row in rows for v in row]
        add(name, data, expected=rgba(W, H, pixels))
    else:
        add(name, data)


def png_keys():
    flat = [[(10, 20, 30), (10, 20, 31), (255, 255, 255), (0, 0, 0)] * 6] * H
    rows = [[v for pixel in row for v in pixel] for row in flat]
    for name, key in (("first", (10, 20, 30)), ("white", (255, 255, 255)), ("black", (0, 0, 0)), ("absent", (1, 2, 3))):
        add("png/key-%s.png" % name, c.png(rows, 8, 2, before=c.chunk(b"tRNS", struct.pack(">HHH", *key))))
    rows = [[0x1234, 0x1235, 0x12FF, 0] * 6] * H
    data = c.png(rows, 16, 0, before=c.chunk(b"tRNS", struct.pack(">H", 0x1234)))
    add("png/key-16bit-differs-in-low-byte.png", data, expected=deep(rows, 0, key=[0x1234]))
    rows = samples(6, 8)
    add("png/key-beside-alpha-is-ignored.png", c.png(rows, 8, 6, before=c.chunk(b"tRNS", bytes(6))),
        expected=rgba(W, H, [tuple(row[i:i + 4]) for row in rows for i in range(0, 4 * W, 4)]))
    rows = samples(3, 4)
    add("png/key-longer-than-palette.png", c.png(rows, 4, 3, before=c.chunk(b"tRNS", bytes(range(0, 200, 10))), palette=palette(4)),
        expected=rgba(W, H, [tuple(palette(4)[3 * i:3 * i + 3]) + (10 * i,) for row in rows for i in row]))


PROFILES = {
    "wide": c.rgb_profile(c.WIDE, 1.8),
    "swapped": c.rgb_profile([c.SRGB[2], c.SRGB[0], c.SRGB[1]], 2.2),
    "srgb": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "grey18": c.grey_profile(1.8),
    "grey10": c.grey_profile(1.0),
    "cmyk": c.cmyk_profile(),
    "cmyk-relative": c.cmyk_profile(1),
}
# littlecms writes the time of creation.
PROFILES["srgb"] = PROFILES["srgb"][:24] + struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + PROFILES["srgb"][36:]
DAMAGED_PROFILES = {
    "garbage": b"no profile" * 20,
    "cut-off": PROFILES["wide"][:200],
    "tags-beyond-end": PROFILES["wide"][:128] + struct.pack(">I", 1) + b"rXYZ" + struct.pack(">II", 5000, 20) + bytes(40),
    "abstract": PROFILES["wide"][:12] + b"abst" + PROFILES["wide"][16:],
}


def png_profiles():
    for name in ("wide", "swapped", "srgb"):
        for colour, bits in ((2, 8), (6, 8), (3, 8)):
            add("png/profile-%s-type%d.png" % (name, colour),
                c.png(samples(colour, bits), bits, colour, before=c.iccp(PROFILES[name]), palette=palette(8) if colour == 3 else None))
    rows = samples(2, 16)
    add("png/profile-wide-16bit.png", c.png(rows, 16, 2, before=c.iccp(PROFILES["wide"])),
        expected=to_srgb(deep(rows, 2).convert("RGB"), PROFILES["wide"]).convert("RGBA"))
    for name in ("grey18", "grey10"):
        add("png/profile-%s.png" % name, c.png(samples(0, 8), 8, 0, before=c.iccp(PROFILES[name])))
        add("png/profile-%s-alpha.png" % name, c.png(samples(4, 8), 8, 4, before=c.iccp(PROFILES[name])))
    plain = decoded(c.png(samples(2, 8), 8, 2))
    for name in ("grey18", "cmyk"):
        add("png/profile-%s-of-colours-is-ignored.png" % name, c.png(samples(2, 8), 8, 2, before=c.iccp(PROFILES[name])), expected=plain)
    add("png/profile-wide-of-grey-is-ignored.png", c.png(samples(0, 8), 8, 0, before=c.iccp(PROFILES["wide"])))
    for name, data in DAMAGED_PROFILES.items():
        add("png/profile-damaged-%s-is-ignored.png" % name, c.png(samples(2, 8), 8, 2, before=c.iccp(data)), expected=plain)
    broken = {
        "not-compressed": b"profile\0\0" + PROFILES["wide"],
        "compressed-data-cut-off": b"profile\0\0" + zlib.compress(PROFILES["wide"])[:50],
        "no-name-end": b"profile" * 20,
        "empty": b"",
        "of-64-megabytes": b"profile\0\0" + zlib.compress(PROFILES["wide"] + bytes(64 << 20), 9),
    }
    for name, data in broken.items():
        add("png/profile-%s-is-ignored.png" % name, c.png(samples(2, 8), 8, 2, before=c.chunk(b"iCCP", data)), expected=plain)
    chunks = {
        "gama": c.chunk(b"gAMA", struct.pack(">I", 100000)),
        "chrm": c.chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 10000, 33000, 30000, 60000, 15000, 6000)),
        "srgb": c.chunk(b"sRGB", b"\0"),
        "background": c.chunk(b"bKGD", struct.pack(">3H", 1, 2, 3)),
        "density": c.chunk(b"pHYs", struct.pack(">IIB", 1000, 2000, 1)),
    }
    for name, data in chunks.items():
        add("png/chunk-%s-is-ignored.png" % name, c.png(samples(6, 8), 8, 6, before=data))


def orientations(kind, make):
    """`make` returns a file with EXIF data."""
    for order in ("MM", "II"):
        for value in range(1, 9):
            add("%s/orientation-%d-%s.%s" % (kind, value, order, kind), make(c.exif(value, order)))
    valid = c.exif(6)
    normal = decoded(make(c.exif(1)))
    damaged = {
        "zero": c.exif(0), "nine": c.exif(9), "no-magic": valid[:2] + b"\0\0" + valid[4:], "no-order": b"XX" + valid[2:],
        "two-values": c.exif(6, count=2), "as-text": c.exif(6, kind=2), "directory-beyond-end": c.exif(6, offset=9999),
        "directory-before-start": c.exif(6, offset=0xFFFFFFF0), "cut-off": valid[:20], "empty": b"",
        "many-entries": valid[:8] + b"\xff\xff" + valid[10:22] + b"\xff\xff" * 30,
    }
    for name, data in damaged.items():
        add("%s/orientation-%s-is-ignored.%s" % (kind, name, kind), make(data), expected=normal)


def png_orientations():
    def make(exif):
        return c.png(samples(2, 8), 8, 2, before=c.chunk(b"eXIf", exif))
    orientations("png", make)
    add("png/orientation-behind-pixels.png", c.png(samples(6, 8), 8, 6, after=c.chunk(b"eXIf", c.exif(6))))
    plain = decoded(c.png(samples(2, 8), 8, 2))
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    add("png/orientation-in-xmp-is-ignored.png",
        c.png(samples(2, 8), 8, 2, before=c.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)), expected=plain)
    raw = b"\nexif\n%8d\n" % (len(c.exif(6)) + 6) + (b"Exif\0\0" + c.exif(6)).hex().encode()
    add("png/orientation-in-text-is-ignored.png",
        c.png(samples(2, 8), 8, 2, before=c.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))), expected=plain)


def png_depths():
    def limited(colour, bits, shift=0, alpha=True):
        top = (1 << bits) - 1
        rows = samples(colour, 16)
        bands = c.BANDS[colour]
        return [[(v >> 16 - bits) << shift if alpha or i % bands < bands - 1 else v for i, v in enumerate(row)] for row in rows], top
    sizes = {0: 1, 2: 3, 4: 2, 6: 4}
    for colour in (0, 2, 4, 6):
        for bits in (10, 12):
            rows, top = limited(colour, bits)
            sbit = c.chunk(b"sBIT", bytes([bits] * sizes[colour]))
            add("png/depth-%d-stated-type%d.png" % (bits, colour), c.png(rows, 16, colour, before=sbit), expected=deep(rows, colour, top, top))
    rows, top = limited(6, 12, alpha=False)
    add("png/depth-12-stated-alpha-16.png", c.png(rows, 16, 6, before=c.chunk(b"sBIT", bytes((12, 12, 12, 16)))), expected=deep(rows, 6, top))
    rows, _ = limited(0, 12, shift=4)
    add("png/depth-12-stated-but-scaled.png", c.png(rows, 16, 0, before=c.chunk(b"sBIT", b"\x0c")), expected=deep(rows, 0))
    rows, top = limited(2, 12)
    add("png/depth-12-unstated.png", c.png(rows, 16, 2), expected=deep(rows, 2))
    add("png/depth-12-set.png", c.png(rows, 16, 2), depth="12", expected=deep(rows, 2, top))
    add("png/depth-16-set.png", c.png(rows, 16, 2, before=c.chunk(b"sBIT", b"\x0c\x0c\x0c")), depth="16", expected=deep(rows, 2))
    add("png/depth-9-set-but-exceeded.png", c.png(rows, 16, 2), DAMAGED, depth="9")
    for name, data in (("zero", b"\0\0\0"), ("too-many", b"\x20\x20\x20"), ("too-few-channels", b"\x0c"), ("empty", b"")):
        add("png/depth-stated-as-%s.png" % name, c.png(rows, 16, 2, before=c.chunk(b"sBIT", data)), expected=deep(rows, 2))
    add("png/depth-5-of-8bit-is-ignored.png", c.png(samples(2, 8), 8, 2, before=c.chunk(b"sBIT", b"\5\5\5")), depth="12")
    key = rows[3][3:6]
    data = c.png(rows, 16, 2, before=c.chunk(b"sBIT", b"\x0c\x0c\x0c") + c.chunk(b"tRNS", struct.pack(">3H", *key)))
    add("png/depth-12-with-key.png", data, expected=deep(rows, 2, top, key=key))


def png_damage():
    rows = samples(2, 8, content=texture)
    whole = c.png(rows, 8, 2)
    at = whole.index(b"IDAT")
    for name, size in (("signature", 8), ("header", 20), ("pixels", at + 300), ("checksum", len(whole) - 14), ("end", len(whole) - 12)):
        add("png/cut-off-in-%s.png" % name, whole[:size], DAMAGED)
    flipped = bytearray(whole)
    flipped[at + 100] ^= 4
    add("png/bit-flipped-in-pixels.png", bytes(flipped), DAMAGED)
    add("png/wrong-checksum-of-key.png", c.png(rows, 8, 2, before=c.chunk(b"tRNS", bytes(6), crc=1)), DAMAGED)
    add("png/wrong-checksum-of-text.png", c.png(rows, 8, 2, before=c.chunk(b"tEXt", b"a\0b", crc=1)), DAMAGED)
    data = c.chunk(b"IDAT", zlib.compress(c.scanlines(rows, 8, 2)))
    end = c.chunk(b"IEND", b"")
    for name, width, height, bits, colour in (
            ("no-width", 0, H, 8, 2), ("no-height", W, 0, 8, 2), ("negative-width", 0x80000001, 1, 8, 2), ("type-1", W, H, 8, 1), ("type-5", W, H, 8, 5),
            ("3-bits", W, H, 3, 0), ("rgb-of-4-bits", W, H, 4, 2), ("too-few-rows", W, H + 1, 8, 2)):
        add("png/header-%s.png" % name, c.PNG + c.header(width, height, bits, colour) + data + end, DAMAGED)
    add("png/header-of-60000x60000.png", c.PNG + c.header(60000, 60000, 8, 2) + data + end, TOO_LARGE)
    add("png/header-of-60000x60000-alone.png", c.PNG + c.header(60000, 60000, 8, 2), TOO_LARGE)
    add("png/interlaced-2.png", c.PNG + c.header(W, H, 8, 2, 2) + data + end, DAMAGED)
    add("png/no-pixels.png", c.PNG + c.header(W, H, 8, 2) + end, DAMAGED)
    add("png/no-header.png", c.PNG + data + end, DAMAGED)
    add("png/no-palette.png", c.png(samples(3, 8), 8, 3), DAMAGED)
    add("png/colour-beyond-palette.png", c.png(samples(3, 8), 8, 3, palette=palette(4)), DAMAGED)
    add("png/unknown-critical-chunk.png", c.png(rows, 8, 2, before=c.chunk(b"ABCD", b"x")), DAMAGED)
    add("png/unknown-filter.png", c.PNG + c.header(1, 1, 8, 0) + c.chunk(b"IDAT", zlib.compress(b"\x09\x01")) + end, DAMAGED)
    add("png/pixels-not-compressed.png", c.PNG + c.header(W, H, 8, 2) + c.chunk(b"IDAT", b"garbage" * 9) + end, DAMAGED)
    add("png/unknown-ancillary-chunk.png", c.png(rows, 8, 2, before=c.chunk(b"abcd", b"x")))
    add("png/garbage-behind-end.png", whole + b"garbage" * 100)
    add("png/pixels-in-40-chunks.png", c.png(rows, 8, 2, parts=40))
    add("png/more-rows-than-needed.png", c.png(rows, 8, 2, extra=bytes(500000)))
    bomb = zlib.compress(bytes(32 << 20), 9)
    add("png/text-of-32-megabytes.png", c.png(samples(3, 8), 8, 3, before=c.chunk(b"zTXt", b"a\0\0" + bomb), palette=palette(8)),
        expected=decoded(c.png(samples(3, 8), 8, 3, palette=palette(8))))
    add("png/damaged-text.png", c.png(samples(3, 8), 8, 3, before=c.chunk(b"iTXt", b"\xff\xff"), palette=palette(8)),
        expected=decoded(c.png(samples(3, 8), 8, 3, palette=palette(8))))
    control = struct.pack(">5I2H2B", 0, W, H, 0, 0, 1, 10, 0, 0)
    second = c.chunk(b"fcTL", struct.pack(">5I2H2B", 1, W, H, 0, 0, 1, 10, 0, 0)) + c.chunk(
        b"fdAT", struct.pack(">I", 2) + zlib.compress(c.scanlines(samples(2, 8), 8, 2)))
    add("png/animated.png", c.png(rows, 8, 2, before=c.chunk(b"acTL", struct.pack(">II", 2, 0)) + c.chunk(b"fcTL", control), after=second))


# ---------------------------------------------------------------- JPEG

def jpegs():
    for name, content in CONTENTS.items():
        for quality in (40, 75, 95):
            for sampling in ("4:4:4", "4:2:2", "4:2:0"):
                for progressive in (False, True):
                    add("jpeg/%s-q%d-%s-progressive%d.jpg" % (name, quality, sampling.replace(":", ""), progressive),
                        saved(image(content()), "JPEG", quality=quality, subsampling=sampling, progressive=progressive))
            add("jpeg/%s-q%d-grey.jpg" % (name, quality), saved(image(content()).convert("L"), "JPEG", quality=quality))
    for width, height in ((1, 1), (7, 5), (17, 33), (33, 17)):
        for sampling in ("4:4:4", "4:2:2", "4:2:0"):
            add("jpeg/size-%dx%d-%s.jpg" % (width, height, sampling.replace(":", "")),
                saved(image(smooth(width, height)), "JPEG", quality=90, subsampling=sampling))
    # With the sampling of the header changed, the blocks lie elsewhere. The file is valid.
    for name, sampling, factors in (("440", "4:2:2", 0x12), ("411", "4:2:0", 0x41), ("441", "4:2:0", 0x14)):
        def change(part, factors=factors):
            part[11] = factors
        for content in ("smooth", "flat"):
            picture = image(smooth(32, 32)) if content == "smooth" else Image.new("RGB", (32, 32), (200, 80, 40))
            add("jpeg/%s-%s.jpg" % (content, name), c.frame_patched(saved(picture, "JPEG", quality=90, subsampling=sampling), change))
    tables = [[min(900, 8 + 12 * i) for i in range(64)]] * 2
    add("jpeg/quantization-of-16-bits.jpg", saved(image(smooth()), "JPEG", qtables=tables, subsampling="4:4:4"))
    add("jpeg/optimized.jpg", saved(image(texture()), "JPEG", quality=85, optimize=True))
    jpeg_colours()
    jpeg_profiles()
    jpeg_damage()

    def make(exif):
        return c.with_segments(saved(image(smooth()), "JPEG", quality=95, subsampling="4:4:4"), c.segment(0xE1, b"Exif\0\0" + exif))
    orientations("jpeg", make)
    both = c.with_segments(make(c.exif(6)), c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"), c.segment(0xE1, b"Exif\0\0" + c.exif(3)))
    add("jpeg/orientation-twice-first-counts.jpg", both)


def jpeg_colours():
    plain = saved(image(smooth()), "JPEG", quality=95, subsampling="4:4:4")

    def renamed(names):
        parts, scan = c.segments(c.with_segments(plain, without=(0xE0,)))
        frame = [bytearray(p) for p in parts]
        for part in frame:
            if part[1] == 0xC0:
                for i, name in enumerate(names):
                    part[10 + 3 * i] = name
        scan = bytearray(scan)
        for i, name in enumerate(names):
            scan[5 + 2 * i] = name
        return plain[:2] + b"".join(map(bytes, frame)) + bytes(scan)
    add("jpeg/no-markers.jpg", c.with_segments(plain, without=(0xE0,)))
    add("jpeg/adobe-rgb.jpg", c.with_segments(plain, c.adobe(0), without=(0xE0,)))
    add("jpeg/adobe-ycc.jpg", c.with_segments(plain, c.adobe(1), without=(0xE0,)))
    jfif = plain[2:20]
    add("jpeg/adobe-rgb-behind-jfif.jpg", c.with_segments(plain, jfif, c.adobe(0), without=(0xE0,)))
    add("jpeg/adobe-rgb-before-jfif.jpg", c.with_segments(plain, c.adobe(0), jfif, without=(0xE0,)))
    add("jpeg/adobe-unknown.jpg", c.with_segments(plain, c.adobe(9), without=(0xE0,)))
    add("jpeg/adobe-too-short-is-ignored.jpg", c.with_segments(plain, c.segment(0xEE, b"Adobe\0\x64"), without=(0xE0,)))
    add("jpeg/jfif-too-short-is-ignored.jpg", c.with_segments(plain, c.segment(0xE0, b"JFIF\0\1\1"), without=(0xE0,)))
    add("jpeg/components-rgb.jpg", renamed(b"RGB"))
    add("jpeg/components-012.jpg", renamed((0, 1, 2)))
    add("jpeg/components-ycc.jpg", renamed(b"YCc"))
    for name, content in CONTENTS.items():
        cmyk = saved(image(content()).convert("CMYK"), "JPEG", quality=95)
        add("jpeg/cmyk-%s.jpg" % name, cmyk)
        add("jpeg/ycck-%s.jpg" % name, c.with_segments(cmyk, c.adobe(2), without=(0xEE,)))
        add("jpeg/cmyk-%s-no-adobe.jpg" % name, c.with_segments(cmyk, without=(0xEE,)))
        for profile in ("cmyk", "cmyk-relative"):
            add("jpeg/cmyk-%s-profile-%s.jpg" % (name, profile),
                c.with_segments(cmyk, c.segment(0xE2, b"ICC_PROFILE\0\1\1" + PROFILES[profile])))
    add("jpeg/ycck-profile.jpg", c.with_segments(cmyk, c.adobe(2), c.segment(0xE2, b"ICC_PROFILE\0\1\1" + PROFILES["cmyk"]), without=(0xEE,)))
    add("jpeg/cmyk-profile-of-rgb-is-ignored.jpg", c.with_segments(cmyk, c.segment(0xE2, b"ICC_PROFILE\0\1\1" + PROFILES["wide"])))


def jpeg_profiles():
    plain = saved(image(smooth()), "JPEG", quality=95, subsampling="4:4:4")
    grey = saved(image(smooth()).convert("L"), "JPEG", quality=95)

    def marked(jpeg, *parts):
        return c.with_segments(jpeg, *(c.segment(0xE2, b"ICC_PROFILE\0" + part) for part in parts))
    for name in ("wide", "swapped", "srgb"):
        add("jpeg/profile-%s.jpg" % name, marked(plain, b"\1\1" + PROFILES[name]))
    for name in ("grey18", "grey10"):
        add("jpeg/profile-%s.jpg" % name, marked(grey, b"\1\1" + PROFILES[name]))
    wide = PROFILES["wide"]
    add("jpeg/profile-in-3-parts.jpg", marked(plain, b"\1\3" + wide[:100], b"\2\3" + wide[100:300], b"\3\3" + wide[300:]))
    add("jpeg/profile-in-3-parts-reversed.jpg", marked(plain, b"\3\3" + wide[300:], b"\2\3" + wide[100:300], b"\1\3" + wide[:100]))
    expected = decoded(plain)
    add("jpeg/profile-part-missing-is-ignored.jpg", marked(plain, b"\1\3" + wide[:100], b"\3\3" + wide[300:]), expected=expected)
    add("jpeg/profile-of-grey-is-ignored.jpg", marked(plain, b"\1\1" + PROFILES["grey18"]), expected=expected)
    add("jpeg/profile-wide-of-grey-is-ignored.jpg", marked(grey, b"\1\1" + wide), expected=decoded(grey))
    for name, data in DAMAGED_PROFILES.items():
        add("jpeg/profile-damaged-%s-is-ignored.jpg" % name, marked(plain, b"\1\1" + data), expected=expected)


def jpeg_damage():
    for progressive in (False, True):
        whole = saved(image(texture(48, 48)), "JPEG", quality=90, progressive=progressive)
        for percent in (3, 30, 60, 95):
            add("jpeg/cut-off-at-%d-percent-progressive%d.jpg" % (percent, progressive), whole[:len(whole) * percent // 100], DAMAGED)
        add("jpeg/no-end-progressive%d.jpg" % progressive, whole[:-2], DAMAGED)
    whole = saved(image(texture(48, 48)), "JPEG", quality=90)
    add("jpeg/garbage-behind-end.jpg", whole + b"garbage" * 100)
    index = c.segment(0xE2, b"MPF\0" + b"MM\0*\0\0\0\x08" + bytes(40))
    add("jpeg/second-picture-behind-end.jpg", c.with_segments(whole, index) + saved(image(smooth()), "JPEG"))
    add("jpeg/fill-bytes-before-marker.jpg", whole[:2] + b"\xff\xff\xff" + whole[2:])
    half = len(whole) // 2
    add("jpeg/zeros-in-pixels.jpg", whole[:half] + bytes(200) + whole[half + 200:], DAMAGED)
    add("jpeg/no-frame.jpg", c.with_segments(whole, without=(0xC0,)), DAMAGED)
    add("jpeg/no-quantization.jpg", c.with_segments(whole, without=(0xDB,)), DAMAGED)

    def setting(**values):
        def change(part):
            for at, value in values.items():
                part[int(at[1:])] = value
        return c.frame_patched(whole, change)
    add("jpeg/12-bits.jpg", setting(_4=12), DAMAGED)
    add("jpeg/no-width.jpg", setting(_7=0, _8=0), DAMAGED)
    add("jpeg/no-height.jpg", setting(_5=0, _6=0), DAMAGED)
    add("jpeg/60000x60000.jpg", setting(_5=0xEA, _6=0x60, _7=0xEA, _8=0x60), TOO_LARGE)
    add("jpeg/lossless.jpg", setting(_1=0xC3), DAMAGED)
    add("jpeg/arithmetic.jpg", setting(_1=0xC9), DAMAGED)
    grey = saved(image(smooth()).convert("L"), "JPEG")
    two = c.frame_patched(grey, lambda part: part.extend(b"\2\x11\0"))
    two = two.replace(b"\xff\xc0\0\x0b", b"\xff\xc0\0\x0e")
    at = two.index(b"\xff\xc0")
    add("jpeg/2-components.jpg", two[:at + 9] + b"\2" + two[at + 10:], DAMAGED)
    frame = next(part for part in c.segments(whole)[0] if part[1] == 0xC0)
    add("jpeg/2-frames.jpg", c.with_segments(whole, frame), DAMAGED)
    add("jpeg/start-alone.jpg", b"\xff\xd8\xff", DAMAGED)


# ---------------------------------------------------------------- WebP

def webps():
    for name, content in CONTENTS.items():
        for quality in (30, 80, 100):
            for width, height in ((W, H), (64, 48), (33, 17)):
                add("webp/lossy-%s-q%d-%dx%d.webp" % (name, quality, width, height), saved(image(content(width, height)), "WEBP", quality=quality))
            add("webp/lossy-%s-q%d-alpha.webp" % (name, quality), saved(with_alpha(content()), "WEBP", quality=quality, exact=True))
        for method in (0, 6):
            add("webp/lossless-%s-method%d.webp" % (name, method), saved(image(content()), "WEBP", lossless=True, method=method))
            add("webp/lossless-%s-method%d-alpha.webp" % (name, method), saved(with_alpha(content()), "WEBP", lossless=True, method=method, exact=True))
    small = image(smooth(8, 4)).resize((128, 64), Image.BICUBIC)
    add("webp/lossy-enlarged.webp", saved(small, "WEBP", quality=80))
    add("webp/lossy-enlarged-alpha.webp", saved(with_alpha(smooth(64, 48)), "WEBP", quality=80, alpha_quality=50))
    few = image(smooth()).quantize(5).convert("RGB")
    add("webp/lossless-of-5-colours.webp", saved(few, "WEBP", lossless=True))
    add("webp/lossless-1x1.webp", saved(image(smooth(1, 1)), "WEBP", lossless=True))
    webp_profiles()
    webp_frames()
    webp_damage()

    def make(exif):
        plain = c.webp_chunks(saved(image(smooth()), "WEBP", lossless=True))
        return c.riff(c.vp8x(W, H, 8), c.webp_chunk(b"VP8L", plain[b"VP8L"]), c.webp_chunk(b"EXIF", exif))
    orientations("webp", make)
    add("webp/orientation-with-prefix.webp", make(b"Exif\0\0" + c.exif(6)), expected=decoded(make(c.exif(6))))


def webp_profiles():
    for lossless in (False, True):
        for name in ("wide", "swapped", "srgb"):
            add("webp/profile-%s-lossless%d.webp" % (name, lossless),
                saved(image(smooth()), "WEBP", lossless=lossless, quality=90, icc_profile=PROFILES[name]))
    add("webp/profile-wide-alpha.webp", saved(with_alpha(smooth()), "WEBP", lossless=True, exact=True, icc_profile=PROFILES["wide"]))
    plain = saved(image(smooth()), "WEBP", lossless=True)
    pixels = c.webp_chunk(b"VP8L", c.webp_chunks(plain)[b"VP8L"])
    for name, data in list(DAMAGED_PROFILES.items()) + [("of-grey", PROFILES["grey18"])]:
        add("webp/profile-%s-is-ignored.webp" % name, c.riff(c.vp8x(W, H, 0x20), c.webp_chunk(b"ICCP", data), pixels), expected=decoded(plain))


def webp_frames():
    """Animations, and alpha that Pillow does not write."""
    frame = c.webp_chunks(saved(image(smooth(12, 8)), "WEBP", lossless=True))
    lossless = c.webp_chunk(b"VP8L", frame[b"VP8L"])
    lossy = c.webp_chunk(b"VP8 ", c.webp_chunks(saved(image(smooth(12, 8)), "WEBP", quality=90))[b"VP8 "])
    alpha = c.webp_chunks(saved(with_alpha(smooth(12, 8)), "WEBP", quality=90, exact=True))
    blended = c.webp_chunk(b"ALPH", alpha[b"ALPH"]) + c.webp_chunk(b"VP8 ", alpha[b"VP8 "])
    for name, data in (("lossless", lossless), ("lossy", lossy), ("alpha", blended)):
        add("webp/animated-%s-at-6-4.webp" % name, c.animated(W, H, [(6, 4, 12, 8, data), (0, 0, 12, 8, data)]))
        add("webp/animated-%s-whole.webp" % name, c.animated(12, 8, [(0, 0, 12, 8, data)]))
    add("webp/animated-beyond-canvas.webp", c.animated(W, H, [(16, 4, 12, 8, lossless)]), DAMAGED)
    add("webp/animated-without-frames.webp", c.animated(W, H, []), DAMAGED)
    add("webp/animated-of-16777216x16777216.webp", c.animated(1 << 24, 1 << 24, [(6, 4, 12, 8, lossless)]), TOO_LARGE)
    levels = [a for row in alphas(12, 8) for a in row]
    base = c.webp_chunk(b"VP8 ", alpha[b"VP8 "])
    colours = decoded(c.riff(base))
    for kind in range(4):
        plane = Image.new("L", (12, 8))
        plane.putdata(levels)
        expected = colours.copy()
        expected.putalpha(plane)
        add("webp/alpha-uncompressed-filter%d.webp" % kind, c.riff(c.vp8x(12, 8, 0x10), c.filtered_alpha(levels, 12, kind), base), expected=expected)
    add("webp/alpha-uncompressed-cut-off.webp", c.riff(c.vp8x(12, 8, 0x10), c.filtered_alpha(levels[:50], 12, 0), base), DAMAGED)
    transparent = c.webp_chunk(b"VP8L", c.webp_chunks(saved(with_alpha(smooth()), "WEBP", lossless=True, exact=True))[b"VP8L"])
    add("webp/alpha-denied-by-header.webp", c.riff(c.vp8x(W, H, 0), transparent), expected=image(smooth()).convert("RGBA"))
    add("webp/reserved-bits-set.webp", c.riff(c.vp8x(12, 8, 0xC1), lossless), expected=decoded(c.riff(lossless)))
    add("webp/unknown-chunk.webp", c.riff(c.vp8x(12, 8, 0), c.webp_chunk(b"ABCD", b"xyz"), lossless), expected=decoded(c.riff(lossless)))


def webp_damage():
    for lossless in (False, True):
        whole = saved(image(texture(48, 48)), "WEBP", lossless=lossless, quality=90)
        for percent in (1, 20, 60, 95):
            size = max(12, len(whole) * percent // 100)
            add("webp/cut-off-at-%d-percent-lossless%d.webp" % (percent, lossless), whole[:size], DAMAGED)
            # The lengths are right, but pixels are missing.
            kind = b"VP8L" if lossless else b"VP8 "
            part = whole[20:size]
            if part:
                add("webp/pixels-cut-off-at-%d-percent-lossless%d.webp" % (percent, lossless), c.riff(c.webp_chunk(kind, part)), DAMAGED)
        add("webp/garbage-behind-end-lossless%d.webp" % lossless, whole + b"garbage" * 9)
        size = whole[20:]
        kind = b"VP8L" if lossless else b"VP8 "
        add("webp/size-differs-lossless%d.webp" % lossless, c.riff(c.vp8x(40, 48), c.webp_chunk(kind, size)), DAMAGED)
        add("webp/no-signature-lossless%d.webp" % lossless, c.riff(c.webp_chunk(kind, bytes(len(size)))), DAMAGED)
    add("webp/no-pixels.webp", c.riff(c.vp8x(W, H)), DAMAGED)
    add("webp/chunk-beyond-end.webp", c.riff(b"VP8 " + struct.pack("<I", 9999) + bytes(20)), DAMAGED)
    add("webp/header-alone.webp", c.riff(), DAMAGED)
    add("webp/16384x16384.webp", c.riff(c.webp_chunk(b"VP8L", b"\x2f" + struct.pack("<I", 0x0FFFFFFF) + bytes(20))), TOO_LARGE)


# ---------------------------------------------------------------- GIF

def gifs():
    colours = palette(3)

    def indices(width, height):
        return [(x // 2 + 3 * y) % 8 for y in range(height) for x in range(width)]

    def canvas(width, height, frame_width, frame_height, x0, y0, transparent=None, entries=colours):
        pixels = [(0, 0, 0, 0)] * (width * height)
        for i, index in enumerate(indices(frame_width, frame_height)):
            x, y = x0 + i % frame_width, y0 + i // frame_width
            if index != transparent:
                pixels[y * width + x] = tuple(entries[3 * index:3 * index + 3]) + (255,)
        return rgba(width, height, pixels)
    whole = c.gif_frame(indices(W, H), 0, 0, W, H)
    add("gif/whole.gif", c.gif(W, H, whole, palette=colours))
    add("gif/version-87a.gif", c.gif(W, H, whole, palette=colours, version=b"87a"))
    add("gif/interlaced.gif", c.gif(W, H, c.gif_frame(indices(W, H), 0, 0, W, H, interlace=True), palette=colours))
    add("gif/interlaced-5-rows.gif", c.gif(W, 5, c.gif_frame(indices(W, 5), 0, 0, W, 5, interlace=True), palette=colours))
    add("gif/transparent.gif", c.gif(W, H, c.gif_frame(indices(W, H), 0, 0, W, H, transparent=3), palette=colours))
    other = list(reversed(colours))
    add("gif/palette-of-frame.gif", c.gif(W, H, c.gif_frame(indices(W, H), 0, 0, W, H, palette=other), palette=colours))
    add("gif/palette-of-frame-only.gif", c.gif(W, H, c.gif_frame(indices(W, H), 0, 0, W, H, palette=other)))
    add("gif/animated.gif", c.gif(W, H, whole, c.gif_frame(indices(10, 8), 2, 3, 10, 8), palette=colours))
    comment = b"\x21\xfe\x05hello\0" + b"\x21\xff\x0bNETSCAPE2.0\x03\1\0\0\0"
    add("gif/comment-and-loop.gif", c.gif(W, H, whole, palette=colours, extra=comment))
    for name, x, y in (("corner", 0, 0), ("middle", 5, 4), ("end", 12, 8)):
        for transparent in (None, 3):
            frame = c.gif_frame(indices(12, 8), x, y, 12, 8, transparent=transparent)
            add("gif/frame-at-%s-transparent-%s.gif" % (name, transparent), c.gif(W, H, frame, palette=colours, background=2),
                expected=canvas(W, H, 12, 8, x, y, transparent))
    add("gif/frame-beyond-screen.gif", c.gif(W, H, c.gif_frame(indices(12, 8), 16, 12, 12, 8), palette=colours), expected=canvas(28, 20, 12, 8, 16, 12))
    add("gif/screen-of-0x0.gif", c.gif(0, 0, whole, palette=colours), expected=canvas(W, H, W, H, 0, 0))
    add("gif/screen-of-65535x65535.gif", c.gif(65535, 65535, whole, palette=colours), TOO_LARGE)
    add("gif/photograph.gif", saved(image(smooth(48, 40)).quantize(200), "GIF"))
    add("gif/grey.gif", saved(image(texture()).convert("L"), "GIF"))
    data = c.gif(W, H, whole, palette=colours)
    for name, size in (("header", 9), ("palette", 25), ("frame", 45), ("pixels", len(data) - 40)):
        add("gif/cut-off-in-%s.gif" % name, data[:size], DAMAGED)
    add("gif/no-trailer.gif", c.gif(W, H, whole, palette=colours, end=b""))
    add("gif/no-frame.gif", c.gif(W, H, palette=colours), DAMAGED)
    add("gif/frame-of-no-width.gif", c.gif(W, H, c.gif_frame([], 0, 0, 0, 0), palette=colours), DAMAGED)
    add("gif/garbage-behind-end.gif", data + b"garbage" * 9)
    add("gif/no-palette.gif", c.gif(W, H, whole), DAMAGED)
    for interlace in (False, True):
        half = c.gif_frame(indices(W, H)[:W * H // 2], 0, 0, W, H, interlace=interlace)
        add("gif/half-of-pixels-interlaced%d.gif" % interlace, c.gif(W, H, half, palette=colours), DAMAGED)
    codes = 13  # behind the header of the frame, the size of codes, the length of the block, and the first codes
    add("gif/code-out-of-sequence.gif", c.gif(W, H, whole[:codes] + b"\xff\xff" + whole[codes + 2:], palette=colours), DAMAGED)


# ---------------------------------------------------------------- BMP

def bmps():
    for bits in (1, 4, 8):
        entries = palette(bits)
        table = b"".join(bytes((entries[i + 2], entries[i + 1], entries[i], 0)) for i in range(0, len(entries), 3))
        rows = samples(0, bits)
        add("bmp/palette-of-%d-bits.bmp" % bits, c.bmp(W, H, bits, c.bmp_rows(rows, bits), table))
        add("bmp/palette-of-%d-bits-top-down.bmp" % bits, c.bmp(W, -H, bits, c.bmp_rows(rows[::-1], bits), table))
    colours = smooth()
    for width in (W, 23):
        rows = [[r << 16 | g << 8 | b for r, g, b in row] for row in smooth(width)]
        add("bmp/24-bits-width-%d.bmp" % width, c.bmp(width, H, 24, c.bmp_rows(rows, 24)))
    add("bmp/24-bits-top-down.bmp", c.bmp(23, -H, 24, c.bmp_rows(rows[::-1], 24)))
    for pad in (0, 255):
        rows = [[pad << 24 | r << 16 | g << 8 | b for r, g, b in row] for row in colours]
        add("bmp/32-bits-padded-by-%d.bmp" % pad, c.bmp(W, H, 32, c.bmp_rows(rows, 32)))
    rows = [[(r >> 3) << 10 | (g >> 3) << 5 | b >> 3 for r, g, b in row] for row in colours]
    add("bmp/16-bits-555.bmp", c.bmp(W, H, 16, c.bmp_rows(rows, 16)))
    add("bmp/16-bits-555-masks.bmp", c.bmp(W, H, 16, c.bmp_rows(rows, 16), compression=3, masks=struct.pack("<III", 0x7C00, 0x3E0, 0x1F)))
    rows = [[(r >> 3) << 11 | (g >> 2) << 5 | b >> 3 for r, g, b in row] for row in colours]
    add("bmp/16-bits-565.bmp", c.bmp(W, H, 16, c.bmp_rows(rows, 16), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
    rows = [[a << 24 | r << 16 | g << 8 | b for (r, g, b), a in zip(row, levels)] for row, levels in zip(colours, alphas())]
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    for size in (108, 124):
        add("bmp/32-bits-alpha-header-%d.bmp" % size, c.bmp(W, H, 32, c.bmp_rows(rows, 32), compression=3, masks=masks, size=size))
    table = b"".join(bytes((v, v, v, 0)) for v in range(256))
    runs = b"".join(bytes((12, 16 * y, 12, 255 - 16 * y)) + b"\0\0" for y in range(H)) + b"\0\1"
    add("bmp/runs-of-8-bits.bmp", c.bmp(W, H, 8, runs, table, compression=1))
    literal = b"".join(b"\0\x18" + bytes(10 * x + y for x in range(W)) + b"\0\0" for y in range(H)) + b"\0\1"
    add("bmp/literals-of-8-bits.bmp", c.bmp(W, H, 8, literal, table, compression=1))
    runs = b"".join(bytes((12, y << 4 | 15 - y, 12, (15 - y) << 4 | y)) + b"\0\0" for y in range(H)) + b"\0\1"
    table = b"".join(bytes((17 * v, 255 - 17 * v, 9 * v, 0)) for v in range(16))
    pixels = []
    for y in reversed(range(H)):
        for a, b in ((y, 15 - y), (15 - y, y)):
            pixels += [(9 * v, 255 - 17 * v, 17 * v, 255) for v in (a, b) * 6]
    add("bmp/runs-of-4-bits.bmp", c.bmp(W, H, 4, runs, table, compression=2), expected=rgba(W, H, pixels))
    os2 = c.bmp_rows([[r << 16 | g << 8 | b for r, g, b in row] for row in colours], 24)
    add("bmp/header-of-12-bytes.bmp", b"BM" + struct.pack("<IHHIIHHHH", 26 + len(os2), 0, 0, 26, 12, W, H, 1, 24) + os2)
    whole = c.bmp(W, H, 24, os2)
    for name, size in (("header", 20), ("pixels", 500), ("last-row", len(whole) - 1)):
        add("bmp/cut-off-in-%s.bmp" % name, whole[:size], DAMAGED)
    add("bmp/cut-off-in-runs.bmp", c.bmp(W, H, 8, literal[:200], b"\0" * 1024, compression=1), DAMAGED)
    add("bmp/contains-png.bmp", c.bmp(W, H, 0, c.png(samples(2, 8), 8, 2), compression=5), DAMAGED)
    add("bmp/contains-jpeg.bmp", c.bmp(W, H, 0, saved(image(colours), "JPEG"), compression=4), DAMAGED)
    add("bmp/no-width.bmp", c.bmp(0, H, 24, os2), DAMAGED)
    add("bmp/60000x60000.bmp", c.bmp(60000, 60000, 24, os2), TOO_LARGE)
    add("bmp/colour-beyond-palette.bmp", c.bmp(W, H, 8, c.bmp_rows(samples(0, 8), 8), bytes(40), colours=10), DAMAGED)
    add("bmp/palette-of-2-billion.bmp", c.bmp(W, H, 8, c.bmp_rows(samples(0, 8), 8), bytes(1024), colours=0x7FFFFFFF),
        expected=rgba(W, H, [(0, 0, 0, 255)] * (W * H)))
    profile = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0) + b"DEBM" + bytes(48) + struct.pack("<IIII", 4, 124, 0x7FFFFFF0, 0)
    add("bmp/profile-of-2-gigabytes.bmp", c.bmp(W, H, 24, os2, masks=profile, size=124), expected=image(colours).convert("RGBA"))
    add("bmp/garbage-behind-end.bmp", whole + b"garbage")


def others():
    add("other/empty", b"", "EMPTY")
    add("other/text", b"no picture", NO_IMAGE)
    for kind, name in (("TIFF", "tif"), ("PPM", "ppm"), ("JPEG2000", "jp2"), ("ICO", "ico")):
        add("other/" + name, saved(image(smooth(32, 32)), kind), NO_IMAGE)
    add("other/riff-without-webp", b"RIFF\x04\0\0\0WAVE", NO_IMAGE)
    add("other/half-a-signature", c.PNG[:5], NO_IMAGE)


# ---------------------------------------------------------------- archive

def write(path):
    for part in (png_types, png_keys, png_profiles, png_orientations, png_depths, png_damage, jpegs, webps, gifs, bmps, others):
        part()
    index, files, results = ["# " + VERSION], b"", b""
    for name, depth, data, reason, expected in pictures:
        files += data
        outcome = reason
        if not reason:
            result = (expected or decoded(data)).convert("RGBA")
            transparent = result.getchannel("A").getextrema()[0] < 255
            outcome = "%dx%d%s" % (*result.size, "+" if transparent else "")
            results += result.tobytes() + (on_white(result).tobytes() if transparent else b"")
        index.append("\t".join((name, depth, str(len(data)), outcome, "script" if reason or expected else "pillow")))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry, content in (("index.tsv", "\n".join(index) + "\n"), ("pictures", files), ("results", results)):
            archive.writestr(zipfile.ZipInfo(entry, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    print("%d pictures, %d bytes, %s" % (len(pictures), path.stat().st_size, VERSION))


def compare(path):
    """Compares what the installed Pillow decodes with the archive; at most 2 levels may differ."""
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("index.tsv").decode().splitlines()[1:]
        files, results = io.BytesIO(archive.read("pictures")), io.BytesIO(archive.read("results"))
    differences = []
    for name, _, length, outcome, author in (line.split("\t") for line in lines):
        data = files.read(int(length))
        if not outcome[0].isdigit():
            continue
        width, height = map(int, outcome.rstrip("+").split("x"))
        stored = results.read(width * height * 4)
        results.read(width * height * 3 if outcome.endswith("+") else 0)
        if author == "pillow":
            now = decoded(data)
            most = max(abs(a - b) for a, b in zip(stored, now.tobytes())) if now.size == (width, height) else 255
            if most > 2:
                differences.append("%s differs by %d" % (name, most))
    print("\n".join(differences) or "no differences")
    return 1 if differences else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"]:
        sys.exit(compare(Path(sys.argv[2])))
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE)
