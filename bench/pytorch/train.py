#!/usr/bin/env python3
"""Trains a preset in PyTorch on a folder that `tandem dataset` wrote, and translates the held-out inputs.

    /usr/bin/python3 bench/pytorch/train.py --preset paper --data openmoji --pairs 24000 --out translations
    python3 bench/pytorch/train.py --device cuda --preset paper --data openmoji --pairs 24000 --weights generator.pt

Except for the width, the recipes are those of the two reference programs: `paper` has batches of 2, half for each branch;
`seed` has batches of 8 for both branches. Pairs are mirrored at random, as in Tandem, and not cropped. Writes NAME-1.png,
NAME-2.png, ... for `tandem evaluate --translations`, and prints one JSON object.

With --weights, the generator is written to a file after training. If the file exists, it is read instead of trained: so a
machine with a GPU can train, and another one can translate.
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
    return (torch.from_numpy(numpy.array(picture.convert("RGB"))).permute(2, 0, 1).float() / 127.5 - 1).to(device())


def device():
    return torch.zeros(0).device


def pairs(data, split):
    """Returns (name, A, B) of each pair of a split."""
    found = []
    for entry in json.loads((data / "manifest.json").read_text())["files"]:
        if entry["split"] == split:
            joined = tensor(Image.open(data / entry["file"]))
            half = joined.shape[2] // 2
            found.append((Path(entry["file"]).stem, joined[:, :, :half], joined[:, :, half:]))
    return found


def batches(examples, count, batch, seed):
    """Yields (A, B) of `count` pairs: epochs in random order, mirrored at random."""
    draws = random.Random(seed)
    order = []
    for _ in range(count // batch):
        if len(order) < batch:
            order += draws.sample(examples, len(examples))
        chosen, order = order[:batch], order[batch:]
        mirrored = [draws.random() < 0.5 for _ in chosen]
        yield [torch.stack([e[side].flip(2) if m else e[side] for e, m in zip(chosen, mirrored)]) for side in (1, 2)]


class GraphedStep:
    """A model's step on a GPU. The first steps run as usual, then one is recorded as a CUDA graph, which later ones replay.

    Each has its own stream, so several models can train at the same time.
    """

    USUAL_STEPS = 3

    def __init__(self, model, seed):
        self.model, self.stream, self.steps = model, torch.cuda.Stream(), 0
        self.generator = torch.Generator("cuda").manual_seed(seed)

    def __call__(self, a, b):
        half = len(a) if self.model.whole_batch else len(a) // 2
        inputs = a, b, *(torch.randn(half, LATENT, generator=self.generator) for _ in range(2))
        if self.steps < self.USUAL_STEPS:
            losses = self.model.step(*inputs)
        else:
            if self.steps == self.USUAL_STEPS:
                self.record(inputs)
            for static, value in zip(self.inputs, inputs):
                static.copy_(value)
            self.graph.replay()
            losses = {name: loss.clone() for name, loss in self.losses.items()}
        self.steps += 1
        return losses

    def record(self, inputs):
        self.inputs = [value.clone() for value in inputs]
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.losses = self.model.step(*self.inputs)


def train(model, examples, count, batch, seed):
    """Returns the mean losses over the last tenth of the steps."""
    if device().type == "cuda":
        step = GraphedStep(model, seed)
        with torch.cuda.stream(step.stream):
            history = [step(a, b) for a, b in batches(examples, count, batch, seed)]
        torch.cuda.synchronize()
    else:
        history = [model.step(a, b) for a, b in batches(examples, count, batch, seed)]
    last = history[-max(1, len(history) // 10):]
    return {name: statistics.mean(losses[name].item() for losses in last) for name in last[0]}


def translate(model, held_out, samples, out):
    """Translates each distinct A once, however many Bs it has. Returns their number."""
    out.mkdir(parents=True, exist_ok=True)
    seen = set()
    for name, a, _ in held_out:
        content = a.cpu().numpy().tobytes()
        if content not in seen:
            seen.add(content)
            translations = model.translate(a.expand(samples, -1, -1, -1), torch.randn(samples, LATENT))
            for i, b in enumerate(translations, 1):
                pixels = ((b.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()
                Image.fromarray(pixels).save(out / f"{name}-{i}.png")
    return len(seen)


def save(generator, file):
    torch.save({part: {name: value.detach().cpu() for name, value in getattr(generator, part).items()}
                for part in ("parameters", "statistics")}, file)


def load(generator, file):
    for part, values in torch.load(file).items():
        for name, value in values.items():
            getattr(generator, part)[name].data.copy_(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=["paper", "seed"], default="paper")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=24000)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda needs torch 2")
    parser.add_argument("--threads", type=int, default=1, help="of the CPU; default 1")
    parser.add_argument("--weights", type=Path, help="file of the generator, written after training, or read if it exists")
    parser.add_argument("--out", type=Path, help="folder of the translations")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.device == "cuda":
        torch.set_default_device("cuda")
    torch.manual_seed(arguments.seed)
    start = time.time()
    model = BicycleGan(arguments.preset, arguments.size, arguments.width)
    report = {}
    if arguments.weights and arguments.weights.exists():
        load(model.generator, arguments.weights)
    else:
        batch = 8 if arguments.preset == "seed" else 2
        losses = train(model, pairs(arguments.data, "train"), arguments.pairs, batch, arguments.seed)
        report = dict(pairs=arguments.pairs, seconds=round(time.time() - start, 1), losses=losses)
        if arguments.weights:
            save(model.generator, arguments.weights)
    if arguments.out:
        report["inputs"] = translate(model, pairs(arguments.data, "val"), arguments.samples, arguments.out)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
