#!/usr/bin/env python3
"""Writes a data set of real drawings: pictures of Debian's openclipart-png (public domain) with their edges as A.

    apt-get install openclipart-png
    /usr/bin/python3 bench/quality/clipart.py --out clipart [--size 64] [--count 2000] [--photos DIR]

The folder has the form of `tandem dataset`: train/, val/ and manifest.json. Needs Pillow and NumPy.

A picture is selected if its category shows things (CATEGORIES), it has at most 16 million pixels and colour, it fills the
square neither almost completely nor hardly at all, and no selected picture has almost the same outline. Pictures are
considered in the order of the hash of their name, until there are enough. With --photos, all pictures of a folder take part;
then only near-duplicates are left out.
"""
import argparse
import hashlib
import itertools
import json
import multiprocessing
import sys
from functools import partial
from pathlib import Path

import numpy
from PIL import Image, ImageFilter, ImageOps

INSTALLED = Path("/usr/share/openclipart/png")
# Without flags, logos, signs, playing cards, icons and geometric shapes.
CATEGORIES = ("animals", "buildings", "containers", "education", "electronics", "food", "office", "people", "plants",
              "recreation", "science", "tools", "transportation", "unsorted")
LEFT_OUT = ("recreation/games", "unsorted/duplicates")
# Words of names and folders, for example transportation/signs.
LEFT_OUT_WORDS = ("sign", "flag", "logo", "symbol")
HELD_OUT_SHARE = 0.1
MAX_PIXELS = 16_000_000
# Pillow warns about large files; MAX_PIXELS leaves them out before they are decoded.
Image.MAX_IMAGE_PIXELS = None
MIN_CHROMA = 0.05
COVERED = (0.10, 0.90)
# Of 64 bits: at most so many differ between outlines of near-duplicates.
NEAR = 5
MARGIN = 1 / 16
EDGE_BLUR = 0.6
EDGE_GAIN = 1.2


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def candidates(folder):
    """The names of the pictures of all categories, in random order."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    return sorted(filter(shows_a_thing, names), key=digest)


def shows_a_thing(name):
    left_out = name.startswith(LEFT_OUT) or any(word in name for word in LEFT_OUT_WORDS)
    return name.startswith(CATEGORIES) and not left_out


def drawing(folder, size, name):
    """The name and the square picture, or None if the picture is not selected."""
    picture = on_white(folder / name, size)
    return (name, picture) if picture is not None and is_colourful(picture) else None


def on_white(path, size):
    """The picture without its transparent border, centred on a white square; None if it is too large or empty."""
    picture = Image.open(path)
    if picture.width * picture.height > MAX_PIXELS:
        return None
    picture = picture.convert("RGBA")
    box = picture.getchannel("A").getbbox()
    if box is None:
        return None
    picture = picture.crop(box)
    white = Image.new("RGBA", picture.size, "white")
    inner = round(size * (1 - 2 * MARGIN))
    fitted = ImageOps.contain(Image.alpha_composite(white, picture).convert("RGB"), (inner, inner), Image.LANCZOS)
    square = Image.new("RGB", (size, size), "white")
    square.paste(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2))
    return square


def photo(folder, size, name):
    picture = ImageOps.exif_transpose(Image.open(folder / name)).convert("RGB")
    return name, ImageOps.fit(picture, (size, size), Image.LANCZOS)


def is_colourful(picture):
    pixels = numpy.asarray(picture, dtype=float) / 255
    covered = (pixels.min(axis=2) < 0.95)
    if not COVERED[0] <= covered.mean() <= COVERED[1]:
        return False
    return (pixels.max(axis=2) - pixels.min(axis=2))[covered].mean() >= MIN_CHROMA


def edges(picture):
    """Dark edges on white: the inverted Sobel gradient of the slightly blurred luma."""
    luma = numpy.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(EDGE_BLUR)), dtype=float)
    p = numpy.pad(luma, 1, mode="edge")
    right = p[:-2, 2:] + 2 * p[1:-1, 2:] + p[2:, 2:] - p[:-2, :-2] - 2 * p[1:-1, :-2] - p[2:, :-2]
    down = p[2:, :-2] + 2 * p[2:, 1:-1] + p[2:, 2:] - p[:-2, :-2] - 2 * p[:-2, 1:-1] - p[:-2, 2:]
    gradient = numpy.hypot(right, down) / 4 * EDGE_GAIN
    return Image.fromarray((255 - gradient.clip(0, 255)).astype("uint8")).convert("RGB")


def outline_hash(picture):
    small = numpy.asarray(edges(picture).convert("L").resize((9, 8), Image.BOX), dtype=float)
    return (small[:, 1:] > small[:, :-1]).ravel()


def unique(pictures):
    """The pictures without those whose outline is almost that of an earlier one."""
    hashes = numpy.zeros((0, 64), dtype=bool)
    for name, picture in pictures:
        own = outline_hash(picture)
        if not len(hashes) or (hashes != own).sum(axis=1).min() > NEAR:
            hashes = numpy.vstack([hashes, own])
            yield name, picture


def split(name, seed):
    fraction = int(digest(f"{seed}/{name}")[:8], 16) / 2**32
    return "val" if fraction < HELD_OUT_SHARE else "train"


def write(pictures, out, size, seed, attribution):
    files = []
    for name, picture in pictures:
        joined = Image.new("RGB", (2 * size, size))
        joined.paste(edges(picture), (0, 0))
        joined.paste(picture, (size, 0))
        part = split(name, seed)
        file = f"{part}/{Path(name).with_suffix('').as_posix().replace('/', '_')}.png"
        (out / part).mkdir(parents=True, exist_ok=True)
        joined.save(out / file)
        files.append({"file": file, "split": part, "group": name})
    manifest = {"dataset": "clipart", "attribution": attribution, "size": size, "seed": seed, "files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--count", type=int, default=2000, help="number of pictures of the clip art; default 2000")
    parser.add_argument("--seed", type=int, default=8, help="seed of the split; default 8")
    parser.add_argument("--clipart", type=Path, default=INSTALLED, help=f"default {INSTALLED}")
    parser.add_argument("--photos", type=Path, help="a folder of photos instead of the clip art")
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()):
        sys.exit(f"{arguments.out} is not empty; set --out to a new folder")
    with multiprocessing.Pool() as pool:
        if arguments.photos:
            names = sorted(p.name for p in arguments.photos.iterdir() if p.is_file())
            selected = unique(pool.imap(partial(photo, arguments.photos, arguments.size), names))
            attribution = str(arguments.photos)
        else:
            if not arguments.clipart.is_dir():
                sys.exit(f"{arguments.clipart} does not exist; install Debian's package openclipart-png, or set --clipart")
            drawings = pool.imap(partial(drawing, arguments.clipart, arguments.size), candidates(arguments.clipart))
            selected = itertools.islice(unique(filter(None, drawings)), arguments.count)
            attribution = "Open Clip Art Library, public domain"
        files = write(selected, arguments.out, arguments.size, arguments.seed, attribution)
    held_out = sum(1 for f in files if f["split"] == "val")
    print(json.dumps({"train": len(files) - held_out, "val": held_out}))


if __name__ == "__main__":
    main()
