"""The training step and the translation of both presets in PyTorch, written for speed, with exactly Tandem's work.

A step computes the gradients of three phases and then takes three optimizer steps (Adam, one pass each):

1. generator and encoder: both branches in one pass through the generator; the discriminators are frozen, and in preset
   `paper` the encoder of the latent term, too
2. D_VAE, real and generated images in one pass
3. D_LR, the same

Batches come from pinned host memory, and the losses return to the host as one vector. The networks are those of
bench/pytorch. Ways to run: `eager`, `graphs` (the whole step is one CUDA graph) and `compile` (torch.compile of each phase,
mode `reduce-overhead`); each with or without channels-last tensors.
"""
import contextlib
import copy

import torch

from bicyclegan import LATENT, BicycleGan, adversarial_loss

CAPTURE_WARM_UP = 3


class Networks:
    """The networks of a preset on a device, and frozen views of them that share the weights."""

    def __init__(self, preset, size, width, device, channels_last):
        self.whole_batch = preset == "seed"
        model = BicycleGan(preset, size, width)
        for network in model.networks:
            network.parameters = {
                name: self.moved(value, device, channels_last).requires_grad_(True)
                for name, value in network.parameters.items()}
            network.statistics = {name: value.to(device) for name, value in network.statistics.items()}
        self.generator, self.encoder = model.generator, model.encoder
        self.discriminators = [model.d_vae, model.d_lr]
        self.frozen_discriminators = [self.frozen(network) for network in self.discriminators]
        self.latent_encoder = self.encoder if self.whole_batch else self.frozen(self.encoder)
        for network in (self.generator, *self.discriminators):
            network.batches = 2

    @staticmethod
    def moved(value, device, channels_last):
        layout = torch.channels_last if channels_last and value.dim() == 4 else torch.contiguous_format
        return value.detach().to(device).contiguous(memory_format=layout)

    @staticmethod
    def frozen(network):
        view = copy.copy(network)
        view.parameters = {name: value.detach() for name, value in network.parameters.items()}
        view.batches = 1
        return view

    def all(self):
        return [self.generator, self.encoder, *self.discriminators]

    def tensors(self):
        views = [*self.all(), *self.frozen_discriminators, self.latent_encoder]
        return [t for network in views for part in (network.parameters, network.statistics) for t in part.values()]


class Precision:
    """`fp32`, `tf32` or `bf16` (autocast), with the same flags as in Tandem."""

    def __init__(self, name, device, keeps_casts):
        self.autocasts, self.device, self.keeps_casts = name == "bf16", device, keeps_casts
        torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
        torch.backends.cudnn.allow_tf32 = name == "tf32"
        torch.backends.cudnn.benchmark = True

    def context(self):
        if not self.autocasts:
            return contextlib.nullcontext()
        # A captured graph must cast the weights itself.
        return torch.autocast(self.device.type, torch.bfloat16, cache_enabled=self.keeps_casts)


class Step:
    """Losses, gradients and updates of a training step on tensors of the device."""

    def __init__(self, networks, precision, compiled):
        self.networks, self.precision = networks, precision
        on_gpu = precision.device.type == "cuda"
        options = dict(fused=True, capturable=True) if on_gpu else {}
        trained = [[networks.generator, networks.encoder], *([d] for d in networks.discriminators)]
        self.optimizers = [
            torch.optim.Adam([p for n in part for p in n.parameters.values()], lr=2e-4, betas=(0.5, 0.999), **options)
            for part in trained]
        compile_phase = compile_for_graphs if compiled else (lambda phase: phase)
        self.generator_loss = compile_phase(self.generator_phase)
        self.discriminator_losses = [
            compile_phase(self.discriminator_phase(discriminator)) for discriminator in networks.discriminators]

    def generator_phase(self, a, b, noise, z):
        n = self.networks
        mu, logvar = n.encoder.forward(b)
        latents = torch.cat([mu + noise * torch.exp(logvar / 2), z])
        fakes = n.generator.forward(torch.cat([a, a]), latents)
        n.generator.z = None
        from_encoded, from_random = fakes.chunk(2)
        d_vae, d_lr = n.frozen_discriminators
        kl = 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(1).mean()
        l1 = (from_encoded - b).abs().mean()
        latent = (n.latent_encoder.forward(from_random)[0] - z).abs().mean()
        adversarial = adversarial_loss(d_vae, from_encoded, 1), adversarial_loss(d_lr, from_random, 1)
        total = sum(adversarial) + 10 * l1 + 0.01 * kl + 0.5 * latent
        terms = torch.stack([t.detach().float() for t in (*adversarial, l1, kl, latent)])
        return total, terms, from_encoded.detach(), from_random.detach()

    @staticmethod
    def discriminator_phase(discriminator):
        def loss(real, fake):
            maps = [m.chunk(2) for m in discriminator.forward(torch.cat([real, fake]))]
            return sum(((of_real - 1) ** 2).mean() + (of_fake**2).mean() for of_real, of_fake in maps)
        return loss

    def take(self, a, b, noise, z):
        """Returns the losses as one vector on the device."""
        branch = len(noise)
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        with self.precision.context():
            total, terms, *fakes = self.generator_loss(a[:branch], b[:branch], noise, z)
        total.backward()
        losses = [terms]
        for discriminator_loss, real, fake in zip(self.discriminator_losses, (b[:branch], b[-branch:]), fakes):
            with self.precision.context():
                loss = discriminator_loss(real, fake)
            loss.backward()
            losses.append(loss.detach().float().view(1))
        for optimizer in self.optimizers:
            optimizer.step()
        return torch.cat(losses)


def compile_for_graphs(function):
    return torch.compile(function, mode="reduce-overhead")


class Program:
    """A step or a translation with all transfers, in one of the ways to run. `run` returns values of the host."""

    def __init__(self, what, way, preset, size, width, batch, precision, device):
        way, _, layout = way.partition("-")
        self.way, self.device = way, torch.device(device)
        channels_last = layout == "nhwc"
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.networks = Networks(preset, size, width, self.device, channels_last)
        self.precision = Precision(precision, self.device, keeps_casts=way == "eager")
        if way == "compile":
            from torch import _dynamo

            # Weights stay where they are, so graphs need no copies of them.
            for tensor in self.networks.tensors():
                _dynamo.mark_static_address(tensor)
        images = [torch.randn(batch, 3, size, size) for _ in range(2 if what == "step" else 1)]
        if what == "step":
            branch = batch if self.networks.whole_batch else (batch + 1) // 2
            self.latents = [torch.empty(branch, LATENT, device=self.device) for _ in range(2)]
            self.compute = self.step_of(Step(self.networks, self.precision, way == "compile"))
        else:
            images.append(torch.randn(batch, LATENT))
            self.compute = self.translation()
        on_gpu = self.device.type == "cuda"
        self.host = [image.pin_memory() if on_gpu else image for image in images]
        if way == "graphs":
            self.compute = self.captured(self.compute)

    def step_of(self, step):
        def take(a, b):
            noise, z = (latent.normal_() for latent in self.latents)
            return step.take(a, b, noise, z)
        return take

    def translation(self):
        for network in self.networks.all():
            network.training = False
        generator = self.networks.generator
        generator.batches = 1

        def translate(a, z):
            images = generator.forward(a, z)
            generator.z = None
            return images.float()

        translate = compile_for_graphs(translate) if self.way == "compile" else translate

        def without_gradients(a, z):
            with torch.no_grad(), self.precision.context():
                return translate(a, z)
        return without_gradients

    def uploaded(self, image):
        layout = self.layout if image.dim() == 4 else torch.contiguous_format
        return image.to(self.device, non_blocking=True).contiguous(memory_format=layout)

    def captured(self, compute):
        """The CUDA graph of a computation, which reads `inputs` and always writes the same result."""
        self.inputs = [self.uploaded(image) for image in self.host]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(CAPTURE_WARM_UP):
                compute(*self.inputs)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            result = compute(*self.inputs)

        def replay(*_):
            graph.replay()
            return result
        return replay

    def run(self):
        if self.way == "compile":
            torch.compiler.cudagraph_mark_step_begin()
        if self.way == "graphs":
            for target, image in zip(self.inputs, self.host):
                target.copy_(image, non_blocking=True)
            inputs = self.inputs
        else:
            inputs = [self.uploaded(image) for image in self.host]
        return self.compute(*inputs).cpu()
