#!/usr/bin/env python3
"""Checks how `run` finds Python, and that `bundle` leaves nothing if it cannot work."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent


class ScriptsTest(unittest.TestCase):

    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        shutil.copy(HERE / "run", self.folder)
        (self.folder / "gpu").symlink_to(HERE)

    def program(self, name, text):
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return str(file)

    def call(self, *command, **environment):
        return subprocess.run(
            command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_run_uses_no_other_python_than_the_named_one(self):
        python = self.program("python", "echo Traceback >&2; echo 'ImportError: libcudart.so.13' >&2; exit 1")
        result = self.call(self.folder / "run", PYTHON=python)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(
            result.stderr,
            f"run: {python} has no torch that can be used: ImportError: libcudart.so.13; set PYTHON to a Python with torch\n")

    def test_run_shows_its_help_without_torch(self):
        result = self.call(self.folder / "run", "--help")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("--round-seconds", result.stdout)

    def test_run_without_a_gpu_ends_with_one_line(self):
        python = self.program("python", f'case "$2" in "import torch") ;; *) exec {sys.executable} "$@" ;; esac')
        result = self.call(self.folder / "run", PYTHON=python, PATH=self.path_without_nvidia_smi())
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "run: nvidia-smi cannot be started: No such file or directory\n")

    def path_without_nvidia_smi(self):
        tools = self.folder / "tools"
        tools.mkdir()
        for tool in ("bash", "env", "dirname", "readlink"):
            (tools / tool).symlink_to(shutil.which(tool))
        return str(tools)

    def test_bundle_without_jlink_leaves_nothing(self):
        self.program("bin/java", "exit 0")
        before = sorted(self.folder.iterdir())
        result = self.call(HERE / "bundle", "--built", self.folder / "kit", JAVA_HOME=str(self.folder))
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, f"bundle: {self.folder}/bin/jlink does not exist; set JAVA_HOME to a JDK\n")
        self.assertEqual(sorted(self.folder.iterdir()), before)


if __name__ == "__main__":
    unittest.main()
