"""Writes picture files byte by byte, for the variants that Pillow cannot write."""
import struct
import zlib

# ---------------------------------------------------------------- PNG

PNG = b"\x89PNG\r\n\x1a\n"
BANDS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column, first row, column step and row step of the passes of Adam7.
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data, crc=None):
    crc = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def header(width, height, bits, colour, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))


def packed(row, bits):
    """A row of samples as bytes."""
    if bits == 16:
        return b"".join(struct.pack(">H", s) for s in row)
    text = "".join(format(s, "0%db" % bits) for s in row)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def filtered(rows, bits, bands):
    """Filters each row; the filters take turns."""
    step = max(1, bits * bands // 8)
    out, above = b"", None
    for y, row in enumerate(rows):
        line = packed(row, bits)
        above = above or bytes(len(line))
        kind = y % 5
        data = bytearray()
        for i, value in enumerate(line):
            a = line[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            data.append((value - [0, a, b, (a + b) // 2, nearest][kind]) & 255)
        out += bytes([kind]) + bytes(data)
        above = line
    return out


def scanlines(rows, bits, colour, interlace=0):
    """The filtered rows of samples, before compression."""
    bands = BANDS[colour]
    if not interlace:
        return filtered(rows, bits, bands)
    out = b""
    for x0, y0, dx, dy in ADAM7:
        part = [[s for x in range(x0, len(row) // bands, dx) for s in row[x * bands:(x + 1) * bands]] for row in rows[y0::dy]]
        if part and part[0]:
            out += filtered(part, bits, bands)
    return out


def png(rows, bits, colour, interlace=0, before=b"", after=b"", palette=None, parts=1, extra=b""):
    """A PNG of rows of samples. `before` and `after` are chunks around the pixels."""
    width = len(rows[0]) // BANDS[colour]
    data = zlib.compress(scanlines(rows, bits, colour, interlace) + extra, 9)
    size = -(-len(data) // parts)
    return (PNG + header(width, len(rows), bits, colour, interlace)
            + (chunk(b"PLTE", bytes(palette)) if palette else b"") + before
            + b"".join(chunk(b"IDAT", data[i * size:(i + 1) * size]) for i in range(parts))
            + after + chunk(b"IEND", b""))


def iccp(profile):
    return chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile, 9))


# ---------------------------------------------------------------- EXIF

def exif(orientation, order="MM", kind=3, count=1, offset=8):
    """EXIF data with two entries: the maker, and the orientation."""
    e = ">" if order == "MM" else "<"
    value = struct.pack(e + "HH", orientation, 0) if kind == 3 else struct.pack(e + "I", orientation)
    return (order.encode() + struct.pack(e + "HI", 42, offset) + struct.pack(e + "H", 2)
            + struct.pack(e + "HHI", 0x10F, 2, 4) + b"abc\0"
            + struct.pack(e + "HHI", 0x112, kind, count) + value + struct.pack(e + "I", 0))


# ---------------------------------------------------------------- ICC profiles

def s15(value):
    return struct.pack(">i", round(value * 65536))


def profile(device, space, pcs, tags, intent=0):
    body, table = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    size = start + len(body)
    head = (struct.pack(">I", size) + b"\0\0\0\0" + b"\x02\x40\0\0" + device + space + pcs
            + struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 24 + struct.pack(">I", intent)
            + s15(0.9642) + s15(1) + s15(0.8249))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def text_tags():
    name = b"test\0"
    return [(b"desc", b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 78), (b"cprt", b"text\0\0\0\0none\0")]


def xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(s15(v) for v in values)


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


# Primaries adapted to D50, as columns of a matrix.
SRGB = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)]
WIDE = [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)]


def rgb_profile(columns, exponent):
    return profile(b"mntr", b"RGB ", b"XYZ ", text_tags() + [(b"wtpt", xyz((0.9642, 1, 0.8249)))]
                   + list(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, columns)))
                   + [(name, gamma(exponent)) for name in (b"rTRC", b"gTRC", b"bTRC")])


def grey_profile(exponent):
    return profile(b"mntr", b"GRAY", b"XYZ ", text_tags() + [(b"wtpt", xyz((0.9642, 1, 0.8249))), (b"kTRC", gamma(exponent))])


def ink_table(strength):
    """A lut8 from CMYK to Lab with two grid points per ink."""
    ramp = bytes(range(256))
    grid = b""
    for i in range(16):
        c, m, y, k = i >> 3 & 1, i >> 2 & 1, i >> 1 & 1, i & 1
        light = 255 * (1 - strength * k) * (1 - 0.4 * c) * (1 - 0.5 * m) * (1 - 0.1 * y)
        grid += bytes((round(light), round(128 - 30 * c * (1 - k) + 60 * m * (1 - k)), round(128 - 40 * c * (1 - k) + 70 * y * (1 - k))))
    identity = b"".join(s15(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    return b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + grid + ramp * 3


def cmyk_profile(intent=0):
    """Perceptual and colorimetric tables differ, so that the choice of the intent shows."""
    return profile(b"prtr", b"CMYK", b"Lab ", text_tags() + [(b"wtpt", xyz((0.9642, 1, 0.8249)))]
                   + [(b"A2B0", ink_table(0.9)), (b"A2B1", ink_table(0.6)), (b"A2B2", ink_table(0.5))], intent)


# ---------------------------------------------------------------- JPEG

def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def segments(jpeg):
    """The segments up to the scan, and the rest."""
    at, parts = 2, []
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        parts.append(jpeg[at:end])
        at = end
    return parts, jpeg[at:]


def with_segments(jpeg, *added, without=()):
    """Adds segments behind the start, and removes those of some markers."""
    parts, scan = segments(jpeg)
    return jpeg[:2] + b"".join(added) + b"".join(p for p in parts if p[1] not in without) + scan


def adobe(transform):
    return segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


def frame_patched(jpeg, change):
    """Changes the frame header. `change` gets the segment as a bytearray; the sampling of component i is at 11 + 3 i."""
    parts, scan = segments(jpeg)
    changed = []
    for part in parts:
        part = bytearray(part)
        if 0xC0 <= part[1] <= 0xC2:
            change(part)
        changed.append(bytes(part))
    return jpeg[:2] + b"".join(changed) + scan


# ---------------------------------------------------------------- WebP

def riff(*chunks, size=None):
    data = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(data) if size is None else size) + data


def webp_chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp_chunks(webp):
    at, parts = 12, {}
    while at + 8 <= len(webp):
        size = struct.unpack("<I", webp[at + 4:at + 8])[0]
        parts[webp[at:at + 4]] = webp[at + 8:at + 8 + size]
        at += 8 + size + size % 2
    return parts


def u24(*values):
    return b"".join(struct.pack("<I", v)[:3] for v in values)


def vp8x(width, height, flags=0):
    return webp_chunk(b"VP8X", struct.pack("<I", flags) + u24(width - 1, height - 1))


def animated(width, height, frames, flags=0x12):
    """An animation; each frame is x, y, width, height and its chunks."""
    return riff(vp8x(width, height, flags), webp_chunk(b"ANIM", struct.pack("<IH", 0xFF2020FF, 0)),
                *(webp_chunk(b"ANMF", u24(x // 2, y // 2, w - 1, h - 1, 100) + b"\0" + data) for x, y, w, h, data in frames))


def filtered_alpha(levels, width, kind):
    """An uncompressed chunk ALPH."""
    out = bytearray([kind << 2])
    for i, level in enumerate(levels):
        left, above = i % width > 0, i >= width
        if kind == 0 or i == 0:
            guess = 0
        elif not above or kind == 1 and left:
            guess = levels[i - 1]
        elif not left or kind == 2:
            guess = levels[i - width]
        else:
            guess = max(0, min(255, levels[i - 1] + levels[i - width] - levels[i - width - 1]))
        out.append((level - guess) & 255)
    return webp_chunk(b"ALPH", bytes(out))


# ---------------------------------------------------------------- GIF

def lzw(indices, bits):
    """Codes of constant width: the dictionary is cleared before it grows."""
    text, clear = "", 1 << bits
    codes = []
    for i, index in enumerate(indices):
        if i % ((1 << bits) - 2) == 0:
            codes.append(clear)
        codes.append(index)
    codes.append(clear + 1)
    value = sum(code << (i * (bits + 1)) for i, code in enumerate(codes))
    data = value.to_bytes((len(codes) * (bits + 1) + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255))
    return bytes([bits]) + blocks + b"\0"


def gif_frame(indices, x, y, width, height, bits=3, palette=None, transparent=None, interlace=False):
    rows = [indices[i * width:(i + 1) * width] for i in range(height)]
    if interlace:
        rows = rows[0::8] + rows[4::8] + rows[2::4] + rows[1::2]
    control = b"" if transparent is None else b"\x21\xf9\x04" + struct.pack("<BHBB", 1, 0, transparent, 0)
    flags = (0x40 if interlace else 0) | (0x80 | bits - 1 if palette else 0)
    return (control + b"," + struct.pack("<HHHHB", x, y, width, height, flags) + (bytes(palette) if palette else b"")
            + lzw([i for row in rows for i in row], bits))


def gif(width, height, *frames, palette=None, bits=3, background=0, version=b"89a", extra=b"", end=b";"):
    flags = 0x80 | bits - 1 if palette else 0
    return (b"GIF" + version + struct.pack("<HHBBB", width, height, flags, background, 0)
            + (bytes(palette) if palette else b"") + extra + b"".join(frames) + end)


# ---------------------------------------------------------------- BMP

def bmp(width, height, bits, data, palette=b"", compression=0, masks=b"", size=40, colours=0):
    head = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, len(data), 0, 0, colours, 0)
    if size > 40:
        head += masks.ljust(size - 40, b"\0")
        masks = b""
    start = 14 + len(head) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + masks + palette + data


def bmp_rows(rows, bits):
    """Rows of packed values, from the bottom up, padded to four bytes."""
    out = b""
    for row in reversed(rows):
        if bits >= 8:
            line = b"".join(v.to_bytes(bits // 8, "little") for v in row)
        else:
            line = packed(row, bits)
        out += line + b"\0" * (-len(line) % 4)
    return out
