#!/usr/bin/env python3
"""Trains a preset in PyTorch on a folder that `tandem dataset` wrote, and translates the held-out inputs.

    /usr/bin/python3 bench/pytorch/train.py --preset paper --data openmoji --pairs 24000 --out translations
    python3 bench/pytorch/train.py --device cuda --preset paper --data openmoji --pairs 24000 --weights generator.pt

Except for the width, the recipes are those of the two reference programs: `paper` has batches of 2, half for each branch;
`seed` has batches of 8 for both branches. Pairs are mirrored at random, as in Tandem, and not cropped. Everything is computed
in float32. Writes NAME-1.png, NAME-2.png, ... for `tandem evaluate --translations`, and prints one JSON object.

With --weights, the generator is written to a file after training. If the file exists, it is read instead of trained: so a
machine with a GPU can train, and another one can translate.
"""
import argparse
import json
import random
import statistics
import sys
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
    """A model's step on a GPU, on a stream of its own. The first steps run eagerly, then one is captured as a CUDA graph,
    which later ones replay."""

    EAGER_STEPS = 3

    def __init__(self, model):
        self.model, self.stream, self.steps = model, torch.cuda.Stream(), 0
        self.stream.wait_stream(torch.cuda.current_stream())

    def __call__(self, batch):
        """Takes a step with the next batch of an iterator, which is computed on the step's stream, too."""
        with torch.cuda.stream(self.stream):
            a, b = next(batch)
            half = len(a) if self.model.whole_batch else len(a) // 2
            losses = self.step([a, b, torch.randn(half, LATENT), torch.randn(half, LATENT)])
        self.steps += 1
        return losses

    def step(self, inputs):
        if self.steps < self.EAGER_STEPS:
            return self.model.step(*inputs)
        if self.steps == self.EAGER_STEPS:
            self.capture(inputs)
        for static, value in zip(self.static_inputs, inputs):
            static.copy_(value)
        self.graph.replay()
        return {name: loss.clone() for name, loss in self.losses.items()}

    def capture(self, inputs):
        self.static_inputs = [value.clone() for value in inputs]
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.losses = self.model.step(*self.static_inputs)


def train(model, examples, count, batch, seed):
    """Returns the mean losses over the last tenth of the steps."""
    on_gpu = device().type == "cuda"
    step = GraphedStep(model) if on_gpu else lambda batch: model.step(*next(batch))
    drawn = batches(examples, count, batch, seed)
    history = [step(drawn) for _ in range(count // batch)]
    if on_gpu:
        # Other streams do not wait for that of the step.
        torch.cuda.synchronize()
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


def tensors(generator):
    return {**generator.parameters, **generator.statistics}


def save(generator, training, file):
    values = {name: value.detach().cpu() for name, value in tensors(generator).items()}
    unfinished = file.with_name(file.name + ".unfinished")
    torch.save(dict(training=training, generator=values), unfinished)
    unfinished.rename(file)


def load(generator, training, file):
    found = torch.load(file)
    if found["training"] != training:
        sys.exit(f"{file} is of another training: {found['training']} instead of {training}; name another file")
    for name, value in tensors(generator).items():
        value.data.copy_(found["generator"][name])


def parse():
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
    if not arguments.weights and not arguments.out:
        parser.error("name a file with --weights, a folder with --out, or both")
    return arguments


def main():
    arguments = parse()
    torch.set_num_threads(arguments.threads)
    if arguments.device == "cuda":
        torch.set_default_device("cuda")
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.manual_seed(arguments.seed)
    start = time.time()
    model = BicycleGan(arguments.preset, arguments.size, arguments.width)
    training = {key: getattr(arguments, key) for key in ("preset", "size", "width", "pairs", "seed")}
    report = {}
    if arguments.weights and arguments.weights.exists():
        load(model.generator, training, arguments.weights)
    else:
        batch = 8 if arguments.preset == "seed" else 2
        losses = train(model, pairs(arguments.data, "train"), arguments.pairs, batch, arguments.seed)
        report = dict(pairs=arguments.pairs, seconds=round(time.time() - start, 1), losses=losses)
        if arguments.weights:
            save(model.generator, training, arguments.weights)
    if arguments.out:
        torch.manual_seed(arguments.seed)
        report["inputs"] = translate(model, pairs(arguments.data, "val"), arguments.samples, arguments.out)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
