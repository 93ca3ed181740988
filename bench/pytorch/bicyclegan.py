#!/usr/bin/env python3
"""Times both presets in PyTorch at full size, for comparison with Tandem; docs/reference/performance.md has the results.

    /usr/bin/python3 bench/pytorch/bicyclegan.py step --preset paper --size 128 --batch 8
    /usr/bin/python3 bench/pytorch/bicyclegan.py generate --preset seed --size 128 --batch 1
    /usr/bin/python3 bench/pytorch/bicyclegan.py decode --data DIR

The step follows the order of the two reference programs: one backward pass for all terms except the latent term, one for
the latent term (preset paper: with the encoder frozen), then one for each discriminator. Prints one JSON object.
"""
import argparse
import json
import math
import random
import resource
import statistics
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from networks import PaperDiscriminator, PaperEncoder, PaperGenerator
from networks import SeedDiscriminator, SeedEncoder, SeedGenerator

LATENT = 8


class Initial:
    """Initial values with the distributions of the reference programs."""

    def __init__(self, seed_preset):
        self.seed_preset = seed_preset
        self.fan_in = {}

    def __call__(self, name, shape):
        layer, _, kind = name.rpartition(".")
        value = torch.zeros(shape)
        if kind == "running_var":
            return value + 1
        if layer.endswith(".norm"):
            if kind == "weight":
                value = value + 1 if name.startswith("encoder") else torch.nn.init.normal_(value, 1, 0.02)
            return value
        if kind == "weight":
            self.fan_in[layer] = math.prod(shape[1:])
            return self.weight(name, value)
        bound = 1 / math.sqrt(self.fan_in[layer]) if self.seed_preset and kind == "bias" else 0
        return value.uniform_(-bound, bound)

    def weight(self, name, value):
        if not self.seed_preset:
            return torch.nn.init.xavier_normal_(value, 0.02)
        if value.dim() == 2:
            return torch.nn.init.kaiming_uniform_(value, a=math.sqrt(5))
        if name.startswith("encoder"):
            return torch.nn.init.kaiming_normal_(value, mode="fan_out", nonlinearity="relu")
        return torch.nn.init.normal_(value, 0, 0.02)


def settings(preset, size, width):
    common = dict(width=width, latent=LATENT, output_channels=3)
    if preset == "seed":
        return dict(common, first=Initial(True), depth=min(7, int(math.log2(size & -size))), scales=3, layers=4)
    depth = min(8, int(math.log2(size & -size)))
    # As in the authors' resnet_256 (4 blocks) and resnet_128 (3 blocks).
    blocks = max(1, int(math.log2(size)) - 4)
    return dict(
        common, first=Initial(False), depth=depth, norm="instance", injection="all", upsample="basic", activation="relu",
        encoder="resnet", blocks=blocks, scales=2, layers=3 if size >= 256 else 2)


class BicycleGan:
    """The four networks of a preset, their optimizers and the training step."""

    def __init__(self, preset, size, width=64):
        s = settings(preset, size, width)
        self.whole_batch = preset == "seed"
        discriminator = SeedDiscriminator if preset == "seed" else PaperDiscriminator
        self.generator = (SeedGenerator if preset == "seed" else PaperGenerator)(s)
        self.encoder = (SeedEncoder if preset == "seed" else PaperEncoder)(s)
        self.d_vae, self.d_lr = discriminator("d_vae", s), discriminator("d_lr", s)
        self.networks = [self.generator, self.encoder, self.d_vae, self.d_lr]
        with torch.no_grad():
            image = torch.zeros(2, 3, size, size)
            self.generator.forward(image, torch.zeros(2, LATENT))
            for network in (self.encoder, self.d_vae, self.d_lr):
                network.forward(image)
        # A CUDA graph needs optimizers that count their steps on the GPU.
        on_gpu = next(iter(self.generator.parameters.values())).is_cuda
        self.optimizers = [
            torch.optim.Adam(list(n.parameters.values()), lr=2e-4, betas=(0.5, 0.999), capturable=on_gpu)
            for n in self.networks]

    def step(self, a, b, noise=None, z=None):
        """Takes one step, with the given noise (of the encoded latents) and random latents, or with new ones.

        Returns the losses as tensors.
        """
        n = len(a)
        half = n if self.whole_batch else n // 2
        a1, b1, b2 = a[:half], b[:half], b[n - half:]
        of_generator, of_encoder, of_d_vae, of_d_lr = self.optimizers
        self.set_trainable(self.d_vae, False)
        self.set_trainable(self.d_lr, False)
        of_generator.zero_grad()
        of_encoder.zero_grad()
        mu, logvar = self.encoder.forward(b1)
        noise = torch.randn_like(mu) if noise is None else noise
        from_encoded = self.generator.forward(a1, mu + noise * torch.exp(logvar / 2))
        z = torch.randn(half, LATENT) if z is None else z
        from_random = self.generator.forward(a1, z)
        kl = 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(1).mean()
        l1 = (from_encoded - b1).abs().mean()
        adversarial = adversarial_loss(self.d_vae, from_encoded, 1) + adversarial_loss(self.d_lr, from_random, 1)
        (adversarial + 10 * l1 + 0.01 * kl).backward(retain_graph=True)
        self.set_trainable(self.encoder, self.whole_batch)
        recovered, _ = self.encoder.forward(from_random)
        latent = (recovered - z).abs().mean()
        (0.5 * latent).backward()
        self.set_trainable(self.encoder, True)
        of_generator.step()
        of_encoder.step()
        losses = dict(l1=l1.detach(), kl=kl.detach(), latent=latent.detach())
        for name, discriminator, optimizer, real, fake in (
                ("dVae", self.d_vae, of_d_vae, b1, from_encoded), ("dLr", self.d_lr, of_d_lr, b2, from_random)):
            self.set_trainable(discriminator, True)
            optimizer.zero_grad()
            loss = adversarial_loss(discriminator, real, 1) + adversarial_loss(discriminator, fake.detach(), 0)
            loss.backward()
            optimizer.step()
            losses[name] = loss.detach()
        return losses

    def translate(self, a, z):
        for network in self.networks:
            network.training = False
        with torch.no_grad():
            b = self.generator.forward(a, z)
        for network in self.networks:
            network.training = True
        return b

    @staticmethod
    def set_trainable(network, trainable):
        for parameter in network.parameters.values():
            parameter.requires_grad_(trainable)


def adversarial_loss(discriminator, image, target):
    return sum(((m - target) ** 2).mean() for m in discriminator.forward(image))


def timed(runs, warm_up, work):
    millis = []
    for i in range(warm_up + runs):
        start = time.perf_counter()
        work()
        millis.append((time.perf_counter() - start) * 1000)
    millis = millis[warm_up:]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return dict(medianMillis=statistics.median(millis), minMillis=min(millis), maxMillis=max(millis), peakMiB=peak)


def bench_step(arguments):
    model = BicycleGan(arguments.preset, arguments.size)
    a, b = (torch.randn(arguments.batch, 3, arguments.size, arguments.size) for _ in range(2))
    return timed(arguments.runs, arguments.warm_up, lambda: model.step(a, b))


def bench_generate(arguments):
    model = BicycleGan(arguments.preset, arguments.size)
    a = torch.randn(arguments.batch, 3, arguments.size, arguments.size)
    z = torch.randn(arguments.batch, LATENT)
    return timed(arguments.runs, arguments.warm_up, lambda: model.translate(a, z))


def bench_decode(arguments):
    """Prepares files as the authors' code does: resize to 1.12 times the size, crop, mirror, normalise."""
    from PIL import Image
    from torchvision import transforms

    size, load = arguments.size, round(arguments.size * 1.12)
    finish = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
    files = sorted(p for p in Path(arguments.data).iterdir() if p.suffix == "." + arguments.format)

    def half(image, box, x, y, mirrored):
        part = image.crop(box).resize((load, load), Image.BICUBIC).crop((x, y, x + size, y + size))
        return finish(part.transpose(Image.FLIP_LEFT_RIGHT) if mirrored else part)

    def all_files():
        for file in files:
            image = Image.open(file).convert("RGB")
            w, h = image.size
            draw = random.randint(0, load - size), random.randint(0, load - size), random.random() < 0.5
            half(image, (0, 0, w // 2, h), *draw)
            half(image, (w // 2, 0, w, h), *draw)

    return dict(timed(arguments.runs, arguments.warm_up, all_files), files=len(files))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = {"step": bench_step, "generate": bench_generate, "decode": bench_decode}
    parser.add_argument("what", choices=what)
    parser.add_argument("--preset", choices=["paper", "seed"], default="paper")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", help="folder of A|B images, for decode")
    parser.add_argument("--format", choices=["png", "jpg"], default="png")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(json.dumps(what[arguments.what](arguments)))


if __name__ == "__main__":
    main()
