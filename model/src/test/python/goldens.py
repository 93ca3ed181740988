#!/usr/bin/env python3
"""Writes the goldens: results of all presets and their options, computed by PyTorch in double precision.

It needs Python with torch and numpy (Debian: python3-torch), and runs in any folder:

    /usr/bin/python3 model/src/test/python/goldens.py

Weights and inputs follow from a formula that the Java tests repeat (see `uniform`), so the files contain only results.
bench/pytorch/networks.py has the networks.

Adam divides a gradient by its own magnitude. Where a weight's gradient is nearly zero, rounding decides the direction of its
first update, and PyTorch itself is not reproducible in single precision. The five steps of each preset use batches whose
results do not depend on rounding: `check_rounding` repeats them in single precision with other rounding errors.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "bench" / "pytorch"))
from networks import PaperDiscriminator, PaperEncoder, PaperGenerator
from networks import SeedDiscriminator, SeedEncoder, SeedGenerator

OUT = Path(__file__).resolve().parent.parent / "resources" / "goldens"
MASK = (1 << 64) - 1
LEARNING_RATE = 2e-4
STEPS = 5


def uniform(name, shape):
    """Numbers k / 2^23 - 1 in [-1, 1) by SplitMix64. The seed is the FNV-1a hash of a name."""
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = ((start ^ byte) * 0x100000001B3) & MASK
    index = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64)
    x = np.uint64(start) + index * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return ((x >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1).reshape(shape)


def first_value(name, shape):
    """The initial value of a parameter, rounded to float32. It is large enough to keep activations away from 0."""
    u = uniform(name, shape)
    if name.endswith("running_var") or name.endswith("norm.weight"):
        value = 1 + 0.25 * u
    elif len(shape) == 1:
        value = 0.25 * u
    else:
        value = u * np.sqrt(3.0 / np.prod(shape[1:]))
    return torch.from_numpy(value.astype(np.float32).astype(np.float64))


class SinglePrecision:
    """Rounds to float32, after random changes as large as rounding errors, so that later rounding errors differ, too."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def __call__(self, tensor):
        changes = torch.from_numpy(self.random.uniform(-1, 1, tuple(tensor.shape)))
        return (tensor * (1 + 2**-24 * changes)).float()


# ---------------------------------------------------------------------------------------------- the step


class Model:
    """The networks of one set of settings, and the training step with its gradient routing."""

    def __init__(self, s, rounded=lambda tensor: tensor):
        self.rounded = rounded
        self.s = s = dict(s, first=lambda name, shape: rounded(first_value(name, shape)))
        seed = s["preset"] == "seed"
        discriminator = SeedDiscriminator if seed else PaperDiscriminator
        self.networks = {"generator": (SeedGenerator if seed else PaperGenerator)(s)}
        self.encodes = s["latent"] > 0 and s["encoder"] != "none"
        if self.encodes:
            self.networks["encoder"] = (SeedEncoder if seed else PaperEncoder)(s)
        self.networks["d_vae"] = discriminator("d_vae", s)
        if self.encodes and not s["shared"]:
            self.networks["d_lr"] = discriminator("d_lr", s)
        self.first = s["gan"] > 0 or s["l1"] > 0 or (self.encodes and s["kl"] > 0)
        self.second = self.encodes and (s["gan_lr"] > 0 or s["latent_weight"] > 0)
        self.optimizers = {}

    def image(self, name, channels):
        shape = (self.s["batch"], channels, self.s["height"], self.s["width_pixels"])
        return self.rounded(torch.from_numpy(uniform(name, shape)))

    def latent(self, name, count):
        return self.rounded(torch.from_numpy(2 * uniform(name, (count, self.s["latent"]))))

    def discriminator_input(self, a, b):
        return torch.cat([a, b], 1) if self.s["conditional"] else b

    def adversarial(self, maps, real):
        if self.s["gan_mode"] == "wgangp":
            return sum((-m if real else m).mean() for m in maps)
        if self.s["gan_mode"] == "lsgan":
            return sum(((m - (1 if real else 0)) ** 2).mean() for m in maps)
        return sum(F.binary_cross_entropy_with_logits(m, torch.full_like(m, float(real))) for m in maps)

    def mask(self, branch, step):
        if self.s["dropout"] == 0:
            return None
        rate = self.s["dropout"]

        def draw(layer, shape):
            u = (uniform(f"dropout.{branch}.{layer}.{step}", tuple(shape)) + 1) / 2
            return torch.from_numpy(np.where(u < rate, 0.0, np.float64(np.float32(1 / (1 - rate)))))

        return draw

    def step(self, number):
        """Computes the losses, fakes and gradients of one step. `update` applies the gradients."""
        s, net = self.s, self.networks
        a, b = self.image(f"a.{number}", s["input_channels"]), self.image(f"b.{number}", s["output_channels"])
        n = s["batch"]
        half = (n + 1) // 2 if s["split"] and self.first and self.second else n
        a1, b1, a2, b2 = a[:half], b[:half], a[n - half :], b[n - half :]
        noise, z = self.latent(f"noise.{number}", half), self.latent(f"z.{number}", half)
        terms, weighted, fakes = {}, [], {}

        def add(name, weight, term):
            terms[name] = term
            weighted.append(weight * term)

        # Tandem computes both branches in one pass, so both take their dropout masks from one array.
        both = self.first and self.second
        if both and s["dropout"] > 0:
            full_mask = self.mask("both", number)
            vae_mask = lambda layer, shape: full_mask(layer, (2 * half, *shape[1:]))[:half]
            lr_mask = lambda layer, shape: full_mask(layer, (2 * half, *shape[1:]))[half:]
        else:
            vae_mask, lr_mask = self.mask("vae", number), self.mask("lr", number)
        if self.first:
            latent = noise
            if self.encodes:
                mu, logvar = net["encoder"].forward(b1)
                add("kl", s["kl"], 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(1).mean())
                latent = mu + noise * (0.5 * logvar).exp()
            fakes["vae"] = net["generator"].forward(a1, latent, vae_mask)
            add("l1", s["l1"], (fakes["vae"] - b1).abs().mean())
            if s["gan"] > 0:
                maps = net["d_vae"].forward(self.discriminator_input(a1, fakes["vae"]))
                add("gan", s["gan"], self.adversarial(maps, True))
        latent_term = None
        if self.second:
            fakes["lr"] = net["generator"].forward(a1, z, lr_mask)
            if s["gan_lr"] > 0:
                discriminator = net["d_vae" if s["shared"] else "d_lr"]
                maps = discriminator.forward(self.discriminator_input(a1, fakes["lr"]))
                add("ganLr", s["gan_lr"], self.adversarial(maps, True))
            if s["latent_weight"] > 0:
                recovered, _ = net["encoder"].forward(fakes["lr"])
                terms["latent"] = (recovered - z).abs().mean()
                latent_term = s["latent_weight"] * terms["latent"]

        gradients = {}
        total = sum(weighted) if weighted else None
        everything = total if latent_term is None else latent_term if total is None else total + latent_term
        self.differentiate(gradients, "generator", everything)
        if self.encodes:
            self.differentiate(gradients, "encoder", everything if s["latent_to"] == "both" else total)

        self.number = number
        discriminator_losses = {}
        if s["gan"] > 0:
            discriminator_losses["d_vae"] = self.discriminator_loss(
                terms, "dVae", "d_vae", self.discriminator_input(a1, b1), self.discriminator_input(a1, fakes["vae"]))
        if self.encodes and s["gan_lr"] > 0:
            key = "d_vae" if s["shared"] else "d_lr"
            loss = self.discriminator_loss(
                terms, "dLr", key, self.discriminator_input(a2, b2), self.discriminator_input(a1, fakes["lr"]))
            discriminator_losses[key] = discriminator_losses[key] + loss if key in discriminator_losses else loss
        for key, loss in discriminator_losses.items():
            self.differentiate(gradients, key, loss)
        return {k: v.item() for k, v in terms.items()}, {k: v.detach() for k, v in fakes.items()}, gradients

    def discriminator_loss(self, terms, name, key, real, fake):
        network = self.networks[key]
        real, fake = real.detach(), fake.detach()
        if self.s["r1"] > 0:
            real.requires_grad_()
        maps = network.forward(real)
        terms[name] = self.adversarial(maps, True) + self.adversarial(network.forward(fake), False)
        penalty = 0
        if self.s["r1"] > 0:
            squares = self.input_gradients(maps, real).pow(2).sum(1)
            penalty = penalty + self.s["r1"] / 2 * squares.mean()
        if self.s["gan_mode"] == "wgangp":
            # The authors' cal_gradient_penalty with type "mixed".
            share = torch.from_numpy((uniform(f"share{name[1:]}.{self.number}", (len(real), 1)) + 1) / 2)[..., None, None]
            between = (share * real.detach() + (1 - share) * fake).requires_grad_()
            norms = (self.input_gradients(network.forward(between), between) + 1e-16).norm(2, dim=1)
            penalty = penalty + self.s["gp"] * ((norms - 1) ** 2).mean()
        return terms[name] + penalty

    @staticmethod
    def input_gradients(maps, images):
        """The gradient of the sum of all scores by each image, as one row per image."""
        return torch.autograd.grad(sum(m.sum() for m in maps), images, create_graph=True)[0].flatten(1)

    def differentiate(self, gradients, key, loss):
        parameters = self.networks[key].parameters
        if loss is None:
            found = [None] * len(parameters)
        else:
            found = torch.autograd.grad(loss, list(parameters.values()), retain_graph=True, allow_unused=True)
        for (name, value), gradient in zip(parameters.items(), found):
            gradients[f"{key}.{name}"] = torch.zeros_like(value) if gradient is None else gradient

    def update(self, gradients):
        for key, network in self.networks.items():
            if not any(name.startswith(key + ".") for name in gradients):
                continue
            if key not in self.optimizers:
                values = list(network.parameters.values())
                self.optimizers[key] = torch.optim.Adam(values, lr=LEARNING_RATE, betas=(0.5, 0.999), eps=1e-8)
            for name, value in network.parameters.items():
                value.grad = gradients[f"{key}.{name}"]
            self.optimizers[key].step()

    def values(self):
        found = {}
        for key, network in self.networks.items():
            for name, value in {**network.parameters, **network.statistics}.items():
                found[f"{key}.{name}"] = value.detach().clone()
        return found


def sampled(model):
    """Translation and encoding in evaluation mode: running statistics, no dropout."""
    for network in model.networks.values():
        network.training = False
    z = model.latent("z.sample", model.s["batch"])
    with torch.no_grad():
        b = model.networks["generator"].forward(model.image("a.sample", model.s["input_channels"]), z)
        found = {"sample": b}
        if model.encodes:
            image = model.image("b.sample", model.s["output_channels"])
            found["mu"], found["logvar"] = model.networks["encoder"].forward(image)
        maps = model.networks["d_vae"].forward(
            model.discriminator_input(model.image("a.sample", model.s["input_channels"]), b))
    for network in model.networks.values():
        network.training = True
    return found, maps


# ---------------------------------------------------------------------------------------------- files


def write_safetensors(path, tensors):
    header, data, at = {}, [], 0
    for name, tensor in tensors.items():
        whole = tensor.dtype == torch.int64
        raw = np.ascontiguousarray(tensor.detach().numpy().astype("<i8" if whole else "<f4")).tobytes()
        dtype = "I64" if whole else "F32"
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


PAPER = dict(
    preset="paper", height=32, width_pixels=32, input_channels=3, output_channels=3, width=2, latent=3, depth=5,
    norm="instance", injection="all", upsample="basic", activation="relu", encoder="resnet", blocks=1,
    scales=2, layers=2, conditional=False, shared=False, gan_mode="lsgan", dropout=0.0, split=True, latent_to="generator",
    batch=4, l1=10.0, kl=0.01, latent_weight=0.5, gan=1.0, gan_lr=1.0, gp=10.0, r1=0.0)
# With depth 4, instance norms of two channels with 2x2 pixels amplify rounding errors of float32 to almost the tolerance.
TANDEM = dict(
    PAPER, preset="tandem", depth=3, padding="reflect", injection="modulation", upsample="bilinear", encoder_norm="group",
    discriminator_norm="group", conditional=True, l1=30.0, kl=0.03, gan_lr=2.0)
SEED = dict(
    PAPER, preset="seed", height=64, width_pixels=64, depth=6, norm="batch", injection="linear", upsample="nearest",
    encoder="resnet18", scales=3, layers=4, split=False, latent_to="both", latent=2, batch=3)

# For each case: the settings of Tandem, and the same settings in the words of this file.
OPTIONS = {
    "latent at the input, bilinear, lrelu": (
        "model.generator.latent-injection=input model.generator.upsample=bilinear model.generator.activation=lrelu",
        dict(PAPER, injection="input", upsample="bilinear", activation="lrelu")),
    "batch norm, elu, conv encoder, vanilla": (
        "model.norm=batch model.generator.activation=elu model.encoder.type=conv train.gan-mode=vanilla",
        dict(PAPER, norm="batch", activation="elu", encoder="conv", gan_mode="vanilla")),
    "no norm, conditional and shared discriminator": (
        "model.norm=none model.discriminator.conditional=true model.discriminator.shared=true",
        dict(PAPER, norm="none", conditional=True, shared=True)),
    "latent as scale and shift": (
        "model.generator.latent-injection=modulation",
        dict(PAPER, injection="modulation")),
    "reflection padding": (
        "model.generator.padding=reflect",
        dict(PAPER, padding="reflect")),
    "group norm in the encoder": (
        "model.encoder.norm=group model.width=12 model.image-size=64",
        dict(PAPER, encoder_norm="group", width=12, height=64, width_pixels=64, depth=6, blocks=2)),
    "group norm in the discriminators": (
        "model.discriminator.norm=group model.width=12",
        dict(PAPER, discriminator_norm="group", width=12)),
    "group norm": (
        "model.norm=group model.width=4",
        dict(PAPER, norm="group", width=4)),
    "dropout, whole batch of three": (
        "model.image-size=64 train.dropout=0.5 train.split-batch=false train.batch-size=3",
        dict(PAPER, height=64, width_pixels=64, depth=6, blocks=2, dropout=0.5, split=False, batch=3)),
    "batch norm with dropout, conditional": (
        "model.image-size=64 model.norm=batch train.dropout=0.25 model.discriminator.conditional=true",
        dict(PAPER, height=64, width_pixels=64, depth=6, blocks=2, norm="batch", dropout=0.25, conditional=True)),
    "grey to transparent, rectangular, one scale": (
        "model.image-size=32x64 model.input-channels=1 model.output-channels=4 model.discriminator.scales=1",
        dict(PAPER, width_pixels=64, input_channels=1, output_channels=4, scales=1)),
    "odd batch, width 6, three discriminator layers": (
        "train.batch-size=3 model.width=6 model.image-size=64 model.discriminator.layers=3",
        dict(PAPER, batch=3, width=6, height=64, width_pixels=64, depth=6, blocks=2, layers=3)),
    "pix2pix": (
        "model.latent=0 model.discriminator.conditional=true train.gan-mode=vanilla",
        dict(PAPER, latent=0, conditional=True, gan_mode="vanilla")),
    "pix2pix and noise": (
        "model.encoder.type=none",
        dict(PAPER, encoder="none")),
    "cVAE-GAN alone": (
        "train.loss.lambda-gan-lr=0 train.loss.lambda-latent=0",
        dict(PAPER, gan_lr=0.0, latent_weight=0.0)),
    "cLR-GAN alone": (
        "train.loss.lambda-gan=0 train.loss.lambda-l1=0 train.loss.lambda-kl=0 train.latent-gradient=both",
        dict(PAPER, gan=0.0, l1=0.0, kl=0.0, latent_to="both")),
    "L1 alone": (
        "train.loss.lambda-gan=0 train.loss.lambda-gan-lr=0 train.loss.lambda-kl=0 train.loss.lambda-latent=0",
        dict(PAPER, gan=0.0, gan_lr=0.0, kl=0.0, latent_weight=0.0)),
    "seed, latent for G alone, split, conditional": (
        "model.preset=seed train.batch-size=4 train.latent-gradient=generator train.split-batch=true"
        " model.discriminator.conditional=true",
        dict(SEED, latent_to="generator", split=True, conditional=True, batch=4)),
    "seed, shared discriminator, vanilla, two scales": (
        "model.preset=seed model.discriminator.shared=true train.gan-mode=vanilla model.discriminator.scales=2",
        dict(SEED, shared=True, gan_mode="vanilla", scales=2)),
    "WGAN-GP": (
        "train.gan-mode=wgangp",
        dict(PAPER, gan_mode="wgangp")),
    "WGAN-GP, shared and conditional discriminator, no norm": (
        "train.gan-mode=wgangp train.loss.lambda-gp=2 model.norm=none model.discriminator.conditional=true"
        " model.discriminator.shared=true",
        dict(PAPER, gan_mode="wgangp", gp=2.0, norm="none", conditional=True, shared=True)),
    "R1": (
        "train.loss.lambda-r1=3",
        dict(PAPER, r1=3.0)),
    "R1, vanilla, batch norm, conditional": (
        "train.loss.lambda-r1=0.5 model.norm=batch train.gan-mode=vanilla model.discriminator.conditional=true",
        dict(PAPER, r1=0.5, norm="batch", gan_mode="vanilla", conditional=True)),
    "seed without latent": (
        "model.preset=seed model.latent=0",
        dict(SEED, latent=0)),
}


def steps(model, first_batch):
    """Trains a model, and returns the results of each step: losses, fakes, gradients, and the values after it."""
    results = []
    for batch in range(first_batch, first_batch + STEPS):
        terms, fakes, gradients = model.step(batch)
        model.update(gradients)
        results.append((terms, fakes, gradients, model.values()))
    return results


def largest_error(expected, repeated):
    """The largest difference of two results of `steps`, as (error, what differs). NaN is the largest error.

    ParityConformance has the same measures, and the same exceptions: values that Adam moves although they have no gradient,
    and running means that include such a bias.
    """
    errors = []
    for number, ((terms, _, _, values), (other_terms, _, _, other_values)) in enumerate(zip(expected, repeated), 1):
        for key, loss in terms.items():
            errors.append((abs(other_terms[key] - loss) / max(abs(loss), 0.05), f"{key}, step {number}"))
        for key, value in values.items():
            difference = other_values[key] - value
            if ".running_" not in key:
                difference[(value - first_value(key, tuple(value.shape))).abs() < 0.01 * number * LEARNING_RATE] = 0
            elif key.endswith("running_mean") and key.replace(".norm.running_mean", ".bias") in values:
                continue
            errors.append(((difference.norm() / value.norm()).item(), f"{key}, step {number}"))
    return largest(errors)


def largest(errors):
    return max(errors, key=lambda error: np.inf if np.isnan(error[0]) else error[0])


def check_rounding(name, settings, first_batch, expected):
    """Fails if rounding changes the steps by more than a third of what ParityConformance allows."""
    found = [largest_error(expected, steps(Model(settings, SinglePrecision(seed)), first_batch)) for seed in range(30)]
    error, what = largest(found)
    print(f"{name}: rounding changes {what} by {error:.1e}")
    if not error <= 1e-5 / 3:
        sys.exit(f"{name}: choose another first batch than {first_batch}")


def golden(name, settings, first_batch):
    """Writes all results of one preset: sampling, then five steps with the gradients of the first."""
    model = Model(settings)
    found, maps = sampled(model)
    tensors = {f"sampling.{key}": value[:1] for key, value in found.items()}
    tensors.update({f"sampling.map.{i}": m[:1] for i, m in enumerate(maps)})
    tensors["first_batch"] = torch.tensor(float(first_batch))
    results = steps(model, first_batch)
    for number, (terms, fakes, gradients, values) in enumerate(results):
        tensors.update({f"loss.{number}.{key}": torch.tensor(value) for key, value in terms.items()})
        if number == 0:
            tensors.update({f"fake.{key}": value[:1] for key, value in fakes.items()})
            tensors.update({f"gradient.{key}": value for key, value in gradients.items()})
        if number in (0, STEPS - 1):
            tensors.update({f"after{number + 1}.{key}": value for key, value in values.items()})
    check_rounding(name, settings, first_batch, results)
    write_safetensors(OUT / f"{name}.safetensors", tensors)


def sketch(name, tensor):
    """Reduces a tensor to two numbers: its norm, and its product with a direction that follows from its name."""
    direction = torch.from_numpy(uniform("direction." + name, tuple(tensor.shape)))
    return [tensor.norm().item(), (tensor * direction).sum().item()]


def options():
    cases = []
    for name, (assignments, settings) in OPTIONS.items():
        model = Model(settings)
        terms, _, gradients = model.step(0)
        cases.append({
            "name": name,
            "settings": assignments,
            "losses": terms,
            "gradients": {key: sketch(key, value) for key, value in gradients.items()},
        })
    (OUT / "options.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


# ---------------------------------------------------------------------------------------------- upstream names


def junyanz_names(s):
    """Maps layer names of this file to those of the authors' program (state_dict of netG, netE, netD, netD2)."""
    depth, basic = s["depth"], s["upsample"] == "basic"
    names = {}
    for level in range(depth):
        innermost = level == depth - 1
        # down = [LeakyReLU], Conv, [norm]; up = activation, (ConvTranspose | Upsample, Pad, Conv), ...
        in_down, in_up = (0 if level == 0 else 1), (1 if basic else 3)
        if s["injection"] == "all":
            prefix = "model." + "submodule." * level
            names[f"down.{level}"] = f"{prefix}down.{in_down}"
            names[f"up.{level}"] = f"{prefix}up.{in_up}"
        else:
            # One Sequential: the down part, the inner block (if there is one), the up part.
            prefix = "model.model." + "".join("1.model." if i == 0 else "3.model." for i in range(level))
            inside = 1 if level == 0 else 0 if innermost else 1
            names[f"down.{level}"] = f"{prefix}{in_down}"
            before_up = in_down + 1 + (1 if 0 < level < depth - 1 else 0) + inside
            names[f"up.{level}"] = f"{prefix}{before_up + in_up}"
    encoder = {"stem": "conv.0", "mu": "fc.0", "logvar": "fcVar.0"}
    for i in range(s["blocks"]):
        # norm, activation, conv, norm, activation, Sequential(conv, pool). The norm has no parameters.
        encoder[f"block.{i}.conv1"] = f"conv.{i + 1}.conv.2"
        encoder[f"block.{i}.conv2"] = f"conv.{i + 1}.conv.5.0"
        encoder[f"block.{i}.shortcut"] = f"conv.{i + 1}.shortcut.1"
    discriminator = {}
    for scale in range(s["scales"]):
        for i in range(s["layers"] + 2):
            discriminator[f"scale.{scale}.{i}"] = f"model_{scale}.{0 if i == 0 else 3 * i - 1}"
    return {"generator": names, "encoder": encoder, "d_vae": discriminator, "d_lr": discriminator}


def pytorch_gan_names(s):
    """Maps layer names of this file to those of PyTorch-GAN (state_dict of generator, encoder, D_VAE, D_LR)."""
    depth = s["depth"]
    names = {"latent": "fc", "up.0": "final.1"}
    for level in range(depth):
        names[f"down.{level}"] = f"down{level + 1}.model.0"
        names[f"down.{level}.norm"] = f"down{level + 1}.model.1"
    for level in range(1, depth):
        names[f"up.{level}"] = f"up{depth - level}.model.1"
        names[f"up.{level}.norm"] = f"up{depth - level}.model.2"
    encoder = {"stem": "feature_extractor.0", "stem.norm": "feature_extractor.1", "mu": "fc_mu", "logvar": "fc_logvar"}
    for i in range(6):
        prefix = f"feature_extractor.{4 + i // 2}.{i % 2}."
        for conv, upstream, norm in (("conv1", "conv1", "bn1"), ("conv2", "conv2", "bn2"),
                                     ("shortcut", "downsample.0", "downsample.1")):
            encoder[f"block.{i}.{conv}"] = prefix + upstream
            encoder[f"block.{i}.{conv}.norm"] = prefix + norm
    discriminator = {}
    for scale in range(s["scales"]):
        at = 0
        for i in range(s["layers"] + 1):
            discriminator[f"scale.{scale}.{i}"] = f"models.disc_{scale}.{at}"
            discriminator[f"scale.{scale}.{i}.norm"] = f"models.disc_{scale}.{at + 1}"
            at += 2 if i == 0 else 3
    return {"generator": names, "encoder": encoder, "d_vae": discriminator, "d_lr": discriminator}


def upstream(folder, settings, names, files, counted):
    """Writes the initial weights under upstream names, one file per network. The other goldens have their results."""
    model = Model(settings)
    model.step(0)
    weights = {}
    for key, network in model.networks.items():
        for name in network.parameters:
            weights[f"{key}.{name}"] = first_value(f"{key}.{name}", network.parameters[name].shape)
        for name, value in network.statistics.items():
            weights[f"{key}.{name}"] = first_value(f"{key}.{name}", value.shape)
    for key, file in files.items():
        found = {}
        for full, value in weights.items():
            network, _, name = full.partition(".")
            if network == key:
                layer, _, kind = name.rpartition(".")
                found[f"{names[key][layer]}.{kind}"] = value
                if counted and kind == "running_var":
                    found[f"{names[key][layer]}.num_batches_tracked"] = torch.tensor(7)
        write_safetensors(OUT / "upstream" / folder / f"{file}.safetensors", found)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    golden("paper", PAPER, 40)
    golden("seed", SEED, 1315)
    golden("tandem", TANDEM, 10)
    options()
    authors = dict(G="generator", E="encoder", D="d_vae", D2="d_lr")
    upstream("junyanz", PAPER, junyanz_names(PAPER), {v: k for k, v in authors.items()}, False)
    at_input = dict(PAPER, injection="input", upsample="bilinear")
    upstream("junyanz-input", at_input, junyanz_names(at_input), {"generator": "G"}, False)
    write_safetensors(OUT / "upstream" / "junyanz-input" / "translated.safetensors", sampled(Model(dict(at_input, batch=1)))[0])
    others = dict(generator="generator", encoder="encoder", d_vae="D_VAE", d_lr="D_LR")
    upstream("pytorch-gan", SEED, pytorch_gan_names(SEED), others, True)


if __name__ == "__main__":
    main()
