#!/usr/bin/env python3
"""Checks that the fast step computes what bench/pytorch/bicyclegan.py computes: losses and gradients."""
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.append(str(Path(__file__).resolve().parent.parent / "pytorch"))

try:
    import torch
except ImportError:
    torch = None


@unittest.skipIf(torch is None, "this Python has no torch")
class ModelTest(unittest.TestCase):

    def test_step_of_paper_equals_the_reference(self):
        self.compare("paper", 32, 4)

    def test_step_of_seed_equals_the_reference(self):
        self.compare("seed", 64, 2)

    def test_encoder_of_paper_has_as_many_blocks_as_the_authors(self):
        from bicyclegan import settings

        # The authors' resnet_128 and resnet_256; Tandem extends the rule to 64 pixels.
        blocks = [settings("paper", size, 64)["blocks"] for size in (64, 128, 256)]
        self.assertEqual(blocks, [2, 3, 4])

    def compare(self, preset, size, batch):
        from bicyclegan import LATENT, BicycleGan
        from model import Networks, Precision, Step

        torch.set_num_threads(1)
        torch.manual_seed(1)
        reference = BicycleGan(preset, size, 4)
        torch.manual_seed(1)
        networks = Networks(preset, size, 4, torch.device("cpu"), channels_last=True)
        step = Step(networks, Precision("fp32", torch.device("cpu"), True), compiled=False)
        a, b = torch.randn(2, batch, 3, size, size)
        noise, z = torch.randn(2, batch if networks.whole_batch else batch // 2, LATENT)
        expected = {name: loss.item() for name, loss in reference.step(a, b, noise, z).items()}
        losses = step.take(a, b, noise, z).tolist()
        for name, actual in zip(("l1", "kl", "latent", "dVae", "dLr"), losses[2:]):
            self.assertAlmostEqual(actual, expected[name], delta=1e-5 * max(1, abs(expected[name])), msg=name)
        for mine, theirs in zip(networks.all(), reference.networks):
            largest = max(value.grad.norm().item() for value in theirs.parameters.values())
            for name, value in theirs.parameters.items():
                error = (mine.parameters[name].grad - value.grad).norm().item()
                # Before a norm, the gradient of a bias is rounding noise.
                allowed = 1e-3 * max(value.grad.norm().item(), 3e-3 * largest)
                self.assertLess(error, allowed, f"{theirs.key}.{name}")

    def test_precision_allows_tf32_only_where_tandem_does(self):
        from model import Precision

        for name in ("bf16", "tf32", "fp32"):
            Precision(name, torch.device("cpu"), True)
            flags = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
            self.assertEqual(flags, (name == "tf32",) * 2, name)

    def test_program_that_uploads_its_batch_holds_no_other_copy(self):
        from model import Program

        with mock.patch.object(Program, "uploaded") as uploaded:
            for what in ("step", "generate"):
                Program(what, "eager", "paper", 32, 4, 2, "fp32", "cpu")
        uploaded.assert_not_called()

    def test_program_returns_losses_and_images(self):
        from model import Program

        self.assertEqual(Program("step", "eager", "paper", 32, 4, 2, "fp32", "cpu").run().shape, (7,))
        self.assertEqual(Program("generate", "eager", "paper", 32, 4, 2, "fp32", "cpu").run().shape, (2, 3, 32, 32))


if __name__ == "__main__":
    unittest.main()
