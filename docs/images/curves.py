#!/usr/bin/env python3
"""Draws the step log of one or more runs as an SVG: python3 curves.py OUT.svg NAME=steps.jsonl ..."""
import html
import json
import sys

PANELS = [
    ("L1", lambda s: s["losses"]["l1"]),
    ("KL (sum over z)", lambda s: s["losses"]["kl"]),
    ("latent L1", lambda s: s["losses"]["latent"]),
    ("G against D_VAE", lambda s: s["losses"]["gan"]),
    ("D_VAE", lambda s: s["losses"]["dVae"]),
    ("diversity", lambda s: s.get("diversity")),
    ("smallest KL of a dimension", lambda s: min(s["klPerDimension"], default=None)),
    ("gradient of G", lambda s: s["gradientNorms"].get("generator")),
    ("gradient of D_VAE", lambda s: s["gradientNorms"].get("d_vae")),
]
COLOURS = ["#1f6fb2", "#c2571a", "#2e8b57", "#8a4fa3"]
COLUMNS, WIDTH, HEIGHT, LEFT, TOP = 3, 300, 170, 46, 26
SMOOTH = 40


def smoothed(values):
    """Means over windows, as many points as fit the panel."""
    size = max(1, len(values) // (WIDTH // 2), min(SMOOTH, len(values) // 20))
    return [
        (sum(x for x, _ in values[i : i + size]) / len(values[i : i + size]),
         sum(y for _, y in values[i : i + size]) / len(values[i : i + size]))
        for i in range(0, len(values), size)
    ]


def panel(title, value, runs, left, top):
    lines = []
    for steps in runs:
        points = [(s["step"], value(s)) for s in steps]
        lines.append(smoothed([(x, y) for x, y in points if y is not None]))
    everything = [p for line in lines for p in line]
    right = max((x for x, _ in everything), default=1)
    high = max((y for _, y in everything), default=1) or 1
    w, h = WIDTH - LEFT - 14, HEIGHT - TOP - 24
    at = lambda x, y: f"{left + LEFT + w * x / right:.1f},{top + TOP + h * (1 - y / high):.1f}"
    out = [f'<text x="{left + LEFT}" y="{top + 16}" class="t">{html.escape(title)}</text>',
           f'<path d="M{at(0, high)} L{at(0, 0)} L{at(right, 0)}" class="a"/>']
    for share in (0, 0.5, 1):
        x, y = at(0, high * share).split(",")
        out.append(f'<text x="{float(x) - 4}" y="{float(y) + 4}" class="y">{high * share:.3g}</text>')
    x, y = at(right, 0).split(",")
    out.append(f'<text x="{x}" y="{float(y) + 15}" class="y">{right:.0f} steps</text>')
    for colour, line in zip(COLOURS, lines):
        if line:
            out.append(f'<polyline points="{" ".join(at(x, y) for x, y in line)}" stroke="{colour}" class="l"/>')
    return out


def main(target, *named):
    names, runs = [], []
    for argument in named:
        name, _, file = argument.partition("=")
        names.append(name)
        with open(file) as lines:
            runs.append([step for step in map(json.loads, lines) if "notTaken" not in step])
    rows = -(-len(PANELS) // COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT + 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
           "<style>.t{font-size:13px;fill:#333}.y{font-size:10px;fill:#666;text-anchor:end}"
           ".a{fill:none;stroke:#999}.l{fill:none;stroke-width:1.6}</style>",
           f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for i, (title, value) in enumerate(PANELS):
        out += panel(title, value, runs, i % COLUMNS * WIDTH, i // COLUMNS * HEIGHT + 30)
    for i, (name, colour) in enumerate(zip(names, COLOURS)):
        out.append(f'<rect x="{LEFT + 200 * i}" y="10" width="12" height="12" fill="{colour}"/>'
                   f'<text x="{LEFT + 200 * i + 18}" y="21" class="t">{html.escape(name)}</text>')
    with open(target, "w") as file:
        file.write("\n".join(out + ["</svg>"]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
