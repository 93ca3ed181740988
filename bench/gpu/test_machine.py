#!/usr/bin/env python3
"""Checks what the kit finds out with nvidia-smi."""
import os
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from machine import KitError, find_gpu, output_of, visible_gpus

NVIDIA_SMI = """#!/bin/sh
case "$*" in
*--query-gpu=index*)
  echo '0, GPU-aaaa, NVIDIA A100, 580.65, 40960'
  echo '1, GPU-bbbb, NVIDIA H100, 580.65, 81559' ;;
*--id=GPU-bbbb*memory.used*) echo 1234 ;;
*) echo 'Unable to determine the device handle'; exit 6 ;;
esac
"""


class MachineTest(unittest.TestCase):

    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.nvidia_smi = Path(folder.name) / "nvidia-smi"
        self.nvidia_smi.write_text(NVIDIA_SMI)
        self.nvidia_smi.chmod(0o755)
        path = mock.patch.dict(os.environ, PATH=f"{folder.name}:/usr/bin:/bin")
        path.start()
        self.addCleanup(path.stop)

    def test_find_gpu_counts_all_gpus_without_a_selection(self):
        gpu = find_gpu("cuda:1")
        self.assertEqual(gpu.text, "NVIDIA H100, driver 580.65, 81559 MiB")
        self.assertEqual(gpu.used_memory(), 1234)

    def test_find_gpu_counts_the_gpus_that_cuda_sees(self):
        for visible in ("1", "1,0", "GPU-bb", " 1 , 7,0"):
            with self.subTest(visible):
                self.assertEqual(find_gpu("cuda:0", visible).used_memory(), 1234)

    def test_find_gpu_that_does_not_exist_is_an_error(self):
        with self.assertRaisesRegex(KitError, "there is no GPU cuda:7; number of GPUs: 2"):
            find_gpu("cuda:7")
        with self.assertRaisesRegex(KitError, "there is no GPU cuda:1 with CUDA_VISIBLE_DEVICES=1; number of GPUs: 1"):
            find_gpu("cuda:1", "1")

    def test_visible_gpus_end_at_the_first_entry_that_names_none(self):
        gpus = [find_gpu("cuda:0"), find_gpu("cuda:1")]
        self.assertEqual(visible_gpus(gpus, None), gpus)
        self.assertEqual(visible_gpus(gpus, "1,-1,0"), gpus[1:])
        self.assertEqual(visible_gpus(gpus, ""), [])

    def test_output_of_a_failing_command_is_its_last_line(self):
        with self.assertRaisesRegex(KitError, "^nvidia-smi failed: Unable to determine the device handle$"):
            output_of(["nvidia-smi", "--id=7"], "nvidia-smi")

    def test_output_of_a_missing_command_says_so(self):
        self.nvidia_smi.unlink()
        with self.assertRaisesRegex(KitError, "^nvidia-smi cannot be started: No such file or directory$"):
            find_gpu("cuda:0")


if __name__ == "__main__":
    unittest.main()
