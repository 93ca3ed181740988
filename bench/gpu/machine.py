"""What the measurement runs on: the GPU, by nvidia-smi, the CPU, and the versions of the programs."""
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cells import NO_TORCH


class KitError(Exception):
    """What the user must change, in one line."""


def output_of(command, name):
    """The standard output of a command.

    Raises KitError if the command cannot be started or fails.
    """
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise KitError(f"{name} cannot be started: {error.strerror}")
    if result.returncode != 0:
        # nvidia-smi writes its errors to standard output.
        lines = (result.stderr.strip() or result.stdout.strip() or f"exit code {result.returncode}").splitlines()
        raise KitError(f"{name} failed: {lines[-1]}")
    return result.stdout


@dataclass(frozen=True)
class Gpu:
    """A GPU with its number and UUID for nvidia-smi."""

    number: str
    uuid: str
    name: str
    driver: str
    memory: str

    @property
    def text(self):
        return f"{self.name}, driver {self.driver}, {self.memory} MiB"

    def used_memory(self):
        """What all processes hold on it, in MiB."""
        used = query("memory.used", f"--id={self.uuid}")[0][0]
        if not used.isdigit():
            raise KitError(f"nvidia-smi cannot say how much memory the GPU uses: {used}")
        return int(used)


def query(fields, *options):
    """The fields of each GPU."""
    command = ["nvidia-smi", *options, f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    return [line.split(", ") for line in output_of(command, "nvidia-smi").strip().splitlines()]


def find_gpu(device, visible=None):
    """The GPU that CUDA calls `device`.

    visible: the value of CUDA_VISIBLE_DEVICES, or None
    Raises KitError if there is none.
    """
    gpus = visible_gpus([Gpu(*fields) for fields in query("index,uuid,name,driver_version,memory.total")], visible)
    index = int(device.partition(":")[2])
    if index >= len(gpus):
        reason = "" if visible is None else f" with CUDA_VISIBLE_DEVICES={visible}"
        raise KitError(f"there is no GPU {device}{reason}; number of GPUs: {len(gpus)}")
    return gpus[index]


def visible_gpus(gpus, visible):
    """Selects and orders as CUDA does: up to the first entry that names no GPU. Entries can be beginnings of UUIDs."""
    if visible is None:
        return gpus
    selected = []
    for entry in (entry.strip() for entry in visible.split(",")):
        named = [gpu for gpu in gpus if entry == gpu.number or entry.startswith("GPU-") and gpu.uuid.startswith(entry)]
        if not named:
            break
        selected.append(named[0])
    return selected


def torch_version():
    code = "import torch; print(torch.__version__)"
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout.strip() or NO_TORCH


def cpu_text():
    try:
        name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        name = platform.processor()
    return f"{name}, {os.cpu_count()} cores"
