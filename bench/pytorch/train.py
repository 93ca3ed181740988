#!/usr/bin/env python3
"""Trains a preset in PyTorch on a folder that `tandem dataset` wrote, and translates the held-out inputs.

    /usr/bin/python3 bench/pytorch/train.py --preset paper --data openmoji --pairs 24000 --out translations

Except for the width, the recipes are those of the two reference programs: `paper` has batches of 2, half for each branch;
`seed` has batches of 8 for both branches. Pairs are mirrored at random, as in Tandem, and not cropped. Writes NAME-1.png,
NAME-2.png, ... for `tandem evaluate --translations`, and prints one JSON object.
"""
import argparse
import json
import random
import statistics
import time
from pathlib import Path

import numpy
import torch
from PIL import Image

from bicyclegan import LATENT, BicycleGan


def tensor(picture):
    return torch.from_numpy(numpy.array(picture.convert("RGB"))).permute(2, 0, 1).float() / 127.5 - 1


def pairs(data, split):
    """Returns (name, A, B) of each pair of a split."""
    found = []
    for entry in json.loads((data / "manifest.json").read_text())["files"]:
        if entry["split"] == split:
            joined = tensor(Image.open(data / entry["file"]))
            half = joined.shape[2] // 2
            found.append((Path(entry["file"]).stem, joined[:, :, :half], joined[:, :, half:]))
    return found


def train(model, examples, count, batch, seed):
    """Returns the mean losses over the last tenth of the steps."""
    draws = random.Random(seed)
    order = []
    history = []
    for _ in range(count // batch):
        if len(order) < batch:
            order += draws.sample(examples, len(examples))
        chosen, order = order[:batch], order[batch:]
        mirrored = [draws.random() < 0.5 for _ in chosen]
        a, b = (
            torch.stack([e[side].flip(2) if m else e[side] for e, m in zip(chosen, mirrored)]) for side in (1, 2))
        history.append(model.step(a, b))
    last = history[-max(1, len(history) // 10):]
    return {name: statistics.mean(losses[name] for losses in last) for name in last[0]}


def translate(model, held_out, samples, out):
    """Translates each distinct A once, however many Bs it has. Returns their number."""
    out.mkdir(parents=True, exist_ok=True)
    seen = set()
    for name, a, _ in held_out:
        content = a.numpy().tobytes()
        if content not in seen:
            seen.add(content)
            translations = model.translate(a.expand(samples, -1, -1, -1), torch.randn(samples, LATENT))
            for i, b in enumerate(translations, 1):
                pixels = ((b.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
                Image.fromarray(pixels).save(out / f"{name}-{i}.png")
    return len(seen)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=["paper", "seed"], default="paper")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=24000)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    start = time.time()
    model = BicycleGan(arguments.preset, arguments.size, arguments.width)
    losses = train(
        model, pairs(arguments.data, "train"), arguments.pairs, 8 if arguments.preset == "seed" else 2, arguments.seed)
    seconds = time.time() - start
    inputs = translate(model, pairs(arguments.data, "val"), arguments.samples, arguments.out)
    print(json.dumps(dict(pairs=arguments.pairs, seconds=round(seconds, 1), inputs=inputs, losses=losses)))


if __name__ == "__main__":
    main()
