"""Writes which source pixels Pillow's NEAREST selects, one line per resize: SOURCE TARGET INDEX INDEX ...

    python3 images/src/test/python/nearest.py > images/src/test/resources/dev/tandem/images/decode/nearest.txt

Needs Pillow (python3-pil). The last lines are lengths at which exact arithmetic would select other pixels than Pillow's
running sum of floating-point numbers.
"""

from itertools import islice

from PIL import Image

LENGTHS = [
    (1, 1), (1, 32), (2, 1), (2, 3), (3, 2), (5, 7), (7, 5), (8, 8), (10, 4), (17, 32), (31, 32), (32, 31),
    (33, 32), (57, 64), (64, 57), (64, 72), (72, 64), (77, 11), (99, 64), (100, 64), (101, 64), (127, 64),
    (256, 286), (286, 256), (300, 72), (333, 64), (600, 71), (1000, 287), (4032, 64),
]


def indices(source, target):
    """Resizes a line of pixels whose two lower bytes are their index."""
    line = Image.new("I", (source, 1))
    line.putdata(range(source))
    return list(line.resize((target, 1), Image.NEAREST).getdata())


def differ(limit):
    """Lengths at which exact arithmetic selects other pixels than Pillow."""
    for source in range(1, limit):
        for target in range(1, limit):
            exact = [(2 * i + 1) * source // (2 * target) for i in range(target)]
            if indices(source, target) != exact:
                yield source, target


if __name__ == "__main__":
    for source, target in LENGTHS + list(islice(differ(120), 0, None, 60)):
        print(source, target, *indices(source, target))
