"""The networks of both presets in PyTorch, as functions of named parameters. The names are those of Tandem's checkpoints.

The networks follow the description of the two reference programs (junyanz/BicycleGAN and eriklindernoren/PyTorch-GAN). The
goldens of the parity tests and the comparisons of speed and quality use them.

Settings `s` of a network: first (see Network), width, latent, depth, norm, encoder_norm (optional), injection, upsample,
activation, encoder, blocks, scales, layers, output_channels.
"""
import torch
import torch.nn.functional as F


class Network:
    """Parameters by name, created on first use, and the layers that use them.

    first: returns the initial value of a parameter or running statistic, given its full name and its shape.
    batches: number of equally large batches that an input concatenates; batch norm has statistics of each.
    """

    batches = 1

    def __init__(self, key, norm, epsilon, first):
        self.key, self.norm_kind, self.epsilon, self.first = key, norm, epsilon, first
        self.parameters, self.statistics = {}, {}
        self.training = True

    def parameter(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = self.first(f"{self.key}.{name}", shape).requires_grad_(True)
        return self.parameters[name]

    def statistic(self, name, length):
        if name not in self.statistics:
            self.statistics[name] = self.first(f"{self.key}.{name}", (length,))
        return self.statistics[name]

    def conv(self, name, x, channels, kernel, stride, padding, bias=True):
        weight = self.parameter(name + ".weight", channels, x.shape[1], kernel, kernel)
        return F.conv2d(x, weight, self.parameter(name + ".bias", channels) if bias else None, stride, padding)

    def conv_transpose(self, name, x, channels):
        weight = self.parameter(name + ".weight", x.shape[1], channels, 4, 4)
        return F.conv_transpose2d(x, weight, self.parameter(name + ".bias", channels), 2, 1)

    def linear(self, name, x, features):
        weight = self.parameter(name + ".weight", features, x.shape[1])
        return F.linear(x, weight, self.parameter(name + ".bias", features))

    def norm(self, name, x):
        if self.norm_kind == "none":
            return x
        if self.norm_kind == "instance":
            return F.instance_norm(x, eps=self.epsilon)
        if self.norm_kind == "group":
            channels = x.shape[1]
            size = next(size for size in range(min(16, channels), 0, -1) if channels % size == 0)
            return F.group_norm(x, channels // size, eps=self.epsilon)
        if self.batches > 1:
            return torch.cat([self.batch_norm(name, part) for part in x.chunk(self.batches)])
        return self.batch_norm(name, x)

    def batch_norm(self, name, x):
        c = x.shape[1]
        return F.batch_norm(
            x,
            self.statistic(name + ".norm.running_mean", c),
            self.statistic(name + ".norm.running_var", c),
            self.parameter(name + ".norm.weight", c),
            self.parameter(name + ".norm.bias", c),
            self.training,
            0.1,
            self.epsilon,
        )


def lrelu(x):
    return F.leaky_relu(x, 0.2)


# ---------------------------------------------------------------------------------------------- preset `paper`


class PaperGenerator(Network):
    def __init__(self, s):
        super().__init__("generator", s["norm"], 1e-5, s["first"])
        self.s = s
        self.active = {"relu": F.relu, "lrelu": lrelu, "elu": F.elu}[s["activation"]]

    def channels(self, level):
        return self.s["width"] * min(8, 2**level)

    def forward(self, a, z, mask=None):
        self.z = z if self.s["latent"] > 0 else None
        self.mask = mask
        self.everywhere = self.z is not None and self.s["injection"] == "all"
        beside = a if self.s["injection"] == "modulation" else self.with_latent(a)
        return torch.tanh(self.up(self.block(self.down(beside, 0), 1), 0, self.s["output_channels"]))

    def block(self, x, level):
        innermost = level == self.s["depth"] - 1
        entering = lrelu(self.with_latent(x) if self.everywhere else x)
        down = self.down(entering, level)
        below = down if innermost else self.block(self.norm(f"down.{level}", down), level + 1)
        up = self.modulated(f"up.{level}", self.norm(f"up.{level}", self.up(below, level, self.channels(level - 1))))
        if self.mask is not None and not innermost and level >= 4:
            up = up * self.mask(f"up.{level}", up.shape)
        return torch.cat([up, x if self.everywhere else entering], 1)

    def down(self, x, level):
        if self.s.get("padding") == "reflect":
            return self.conv(f"down.{level}", F.pad(x, (1, 1, 1, 1), mode="reflect"), self.channels(level), 4, 2, 0)
        return self.conv(f"down.{level}", x, self.channels(level), 4, 2, 1)

    def up(self, x, level, channels):
        x = self.active(x)
        if self.s["upsample"] == "basic":
            return self.conv_transpose(f"up.{level}", x, channels)
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        return self.conv(f"up.{level}", F.pad(x, (1, 1, 1, 1), mode="reflect"), channels, 3, 1, 0)

    def modulated(self, name, x):
        if self.z is None or self.s["injection"] != "modulation":
            return x
        scale, shift = (self.linear(f"{name}.{part}", self.z, x.shape[1])[:, :, None, None] for part in ("scale", "shift"))
        return (1 + scale) * x + shift

    def with_latent(self, x):
        if self.z is None:
            return x
        n, length = self.z.shape
        return torch.cat([x, self.z.view(n, length, 1, 1).expand(n, length, x.shape[2], x.shape[3])], 1)


class PaperEncoder(Network):
    def __init__(self, s):
        super().__init__("encoder", s.get("encoder_norm", s["norm"]), 1e-5, s["first"])
        self.s = s

    def forward(self, b):
        x = self.conv("stem", b, self.s["width"], 4, 2, 1)
        if self.s["encoder"] == "conv":
            x = lrelu(x)
            for i in range(self.s["blocks"]):
                y = self.conv(f"block.{i}", x, self.s["width"] * min(4, 2 ** (i + 1)), 4, 2, 1)
                x = lrelu(self.norm(f"block.{i}", y))
        else:
            for i in range(self.s["blocks"]):
                x = self.residual(f"block.{i}", x, self.s["width"] * min(4, i + 2))
            x = lrelu(x)
        x = x.mean((2, 3))
        return self.linear("mu", x, self.s["latent"]), self.linear("logvar", x, self.s["latent"])

    def residual(self, name, x, channels):
        active = lrelu(self.norm(name + ".conv1", x))
        y = self.conv(name + ".conv1", active, x.shape[1], 3, 1, 1)
        y = self.conv(name + ".conv2", lrelu(self.norm(name + ".conv2", y)), channels, 3, 1, 1)
        passed = active if self.norm_kind == "none" else x
        return F.avg_pool2d(y, 2) + self.conv(name + ".shortcut", F.avg_pool2d(passed, 2), channels, 1, 1, 0)


class PaperDiscriminator(Network):
    def __init__(self, key, s):
        super().__init__(key, s.get("discriminator_norm", s["norm"]), 1e-5, s["first"])
        self.s = s

    def forward(self, image):
        maps = []
        for scale in range(self.s["scales"]):
            if scale > 0:
                image = F.avg_pool2d(image, 3, 2, 1, count_include_pad=False)
            width = max(1, int(round(self.s["width"] / 2**scale)))
            x = lrelu(self.conv(f"scale.{scale}.0", image, width, 4, 2, 1))
            layers = self.s["layers"]
            for i in range(1, layers + 1):
                name = f"scale.{scale}.{i}"
                x = self.conv(name, x, width * min(8, 2**i), 4, 2 if i < layers else 1, 1)
                x = lrelu(self.norm(name, x))
            maps.append(self.conv(f"scale.{scale}.{layers + 1}", x, 1, 4, 1, 1))
        return maps


# ---------------------------------------------------------------------------------------------- preset `seed`


class SeedGenerator(Network):
    def __init__(self, s):
        super().__init__("generator", "batch", 0.8, s["first"])
        self.s = s

    def forward(self, a, z, mask=None):
        n, _, h, w = a.shape
        x = torch.cat([a, self.linear("latent", z, h * w).view(n, 1, h, w)], 1) if self.s["latent"] > 0 else a
        maps = []
        depth, width = self.s["depth"], self.s["width"]
        for level in range(depth):
            x = self.conv(f"down.{level}", x, width * min(8, 2**level), 3, 2, 1, bias=False)
            x = lrelu(self.norm(f"down.{level}", x) if 0 < level < depth - 1 else x)
            maps.append(x)
        for level in range(depth - 1, 0, -1):
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = self.conv(f"up.{level}", x, width * min(8, 2 ** (level - 1)), 3, 1, 1, bias=False)
            x = torch.cat([F.relu(self.norm(f"up.{level}", x)), maps[level - 1]], 1)
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return torch.tanh(self.conv("up.0", x, self.s["output_channels"], 3, 1, 1))


class SeedEncoder(Network):
    def __init__(self, s):
        super().__init__("encoder", "batch", 1e-5, s["first"])
        self.s = s

    def forward(self, b):
        x = self.normed("stem", b, self.s["width"], 7, 2)
        x = F.max_pool2d(F.relu(x), 3, 2, 1)
        for i in range(6):
            halves = i in (2, 4)
            channels = self.s["width"] * 2 ** (i // 2)
            y = F.relu(self.normed(f"block.{i}.conv1", x, channels, 3, 2 if halves else 1))
            y = self.normed(f"block.{i}.conv2", y, channels, 3, 1)
            x = F.relu(y + (self.normed(f"block.{i}.shortcut", x, channels, 1, 2) if halves else x))
        x = x.mean((2, 3))
        return self.linear("mu", x, self.s["latent"]), self.linear("logvar", x, self.s["latent"])

    def normed(self, name, x, channels, kernel, stride):
        return self.norm(name, self.conv(name, x, channels, kernel, stride, kernel // 2, bias=False))


class SeedDiscriminator(Network):
    def __init__(self, key, s):
        super().__init__(key, "batch", 0.8, s["first"])
        self.s = s

    def forward(self, image):
        maps = []
        for scale in range(self.s["scales"]):
            if scale > 0:
                image = F.avg_pool2d(image, 3, 2, 1, count_include_pad=False)
            x = image
            for i in range(self.s["layers"]):
                name = f"scale.{scale}.{i}"
                x = self.conv(name, x, self.s["width"] * min(8, 2**i), 4, 2, 1)
                x = lrelu(self.norm(name, x) if i > 0 else x)
            maps.append(self.conv(f"scale.{scale}.{self.s['layers']}", x, 1, 3, 1, 1))
        return maps
