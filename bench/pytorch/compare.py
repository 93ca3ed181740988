#!/usr/bin/env python3
"""Times Tandem and PyTorch on the same work, in turns, each in its own process with two threads (decode: one core).

    /usr/bin/python3 bench/pytorch/compare.py                       everything; 30 minutes on two cores
    /usr/bin/python3 bench/pytorch/compare.py --only step --rounds 5
    /usr/bin/python3 bench/pytorch/compare.py --only generate --engines nd4j,libtorch,onnxruntime

Prints a Markdown table with a line for each measurement and engine. A round runs all engines and PyTorch one after the
other; a ratio is PyTorch's median time divided by the engine's. The table has the median, minimum and maximum of the
ratios of all rounds. Engine libtorch needs a build with TANDEM_MAVEN_OPTS=-Plibtorch.
"""
import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TANDEM = HERE.parent.parent / "tandem"
FILES = 24

CASES = [
    ("step", dict(preset="seed", size=128, batch=8)),
    ("step", dict(preset="paper", size=128, batch=8)),
    ("step", dict(preset="paper", size=256, batch=2)),
    ("generate", dict(preset="seed", size=128, batch=1)),
    ("generate", dict(preset="seed", size=128, batch=16)),
    ("generate", dict(preset="paper", size=128, batch=1)),
    ("generate", dict(preset="paper", size=128, batch=16)),
    ("generate", dict(preset="paper", size=256, batch=1)),
    ("generate", dict(preset="paper", size=256, batch=16)),
    ("decode", dict(size=256, format="png")),
    ("decode", dict(size=256, format="jpg")),
]
RUNS = {"step": ["--runs", "5", "--warm-up", "2"], "generate": ["--runs", "20", "--warm-up", "5"],
        "decode": ["--runs", "20", "--warm-up", "20"]}
# Engines that only translate cannot measure a step.
TRANSLATING = {"onnxruntime"}


def draw(folder):
    """Writes photo-like pairs of 256x256 images as PNG and JPEG: gradients of all sizes, edges and a little noise."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(1)
    for i in range(FILES):
        picture = np.zeros((256, 512, 3))
        for octave in range(2, 8):
            cells = random.normal(size=(2**octave, 2 ** (octave + 1), 3)).astype(np.float32)
            layer = [Image.fromarray(cells[:, :, c]).resize((512, 256), Image.BICUBIC) for c in range(3)]
            picture += np.stack(layer, 2) / 2**octave * 8
        picture += np.where(picture[:, :, :1] > 0, 1.0, 0) + random.normal(size=picture.shape) * 0.02
        picture = (picture - picture.min()) / (picture.max() - picture.min()) * 255
        for kind in ("png", "jpg"):
            (folder / kind).mkdir(exist_ok=True)
            Image.fromarray(picture.astype(np.uint8)).save(folder / kind / f"{i}.{kind}", quality=90)


def run(command, one_core):
    if one_core and shutil.which("taskset"):
        command = ["taskset", "-c", "0", *command]
    environment = dict(os.environ, OMP_NUM_THREADS="1" if one_core else "2")
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def options(what, case, data, engine=None):
    """The arguments of PyTorch, or those of Tandem with this engine."""
    given = {key: value for key, value in case.items() if key != "format" or engine is None}
    if engine and what != "decode":
        given["engine"] = engine
    if what == "decode":
        given["data"] = data / case["format"]
        if engine:
            # The crop of preset paper, which the other program also makes.
            given["preset"] = "paper"
    return [part for key, value in given.items() for part in (f"--{key}", str(value))] + RUNS[what]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=RUNS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", default=f"/usr/bin/python3 {HERE / 'bicyclegan.py'}",
                        help="command of the other program; it must accept the arguments of bicyclegan.py")
    parser.add_argument("--engines", type=lambda names: names.split(","), default=["nd4j"],
                        help="engines of Tandem, separated by commas")
    arguments = parser.parse_args()
    print("| measurement | engine | engine, ms | PyTorch, ms | ratio (minimum to maximum) | peak MiB, engine / PyTorch |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        if arguments.only in (None, "decode"):
            draw(data)
        for what, case in CASES:
            if arguments.only in (None, what) and engines_of(what, arguments.engines):
                print("\n".join(rows(what, case, data, arguments)), flush=True)


def engines_of(what, chosen):
    if what == "decode":  # does not depend on the engine
        return chosen[:1]
    return [engine for engine in chosen if what == "generate" or engine not in TRANSLATING]


def rows(what, case, data, arguments):
    own = {engine: [] for engine in engines_of(what, arguments.engines)}
    others = []
    for _ in range(arguments.rounds):
        for engine, results in own.items():
            command = [str(TANDEM), "bench", what, "--json", *options(what, case, data, engine)]
            results.append(run(command, what == "decode"))
        others.append(run([*shlex.split(arguments.against), what, *options(what, case, data)], what == "decode"))
    name = f"{what}, " + ", ".join(f"{key} {value}" for key, value in case.items())
    return [row(name, engine, results, others) for engine, results in own.items()]


def row(name, engine, own, others):
    ratios = [b["medianMillis"] / a["medianMillis"] for a, b in zip(own, others)]
    middle = [statistics.median(result["medianMillis"] for result in results) for results in (own, others)]
    peaks = [max(result.get("peakMiB", 0) for result in results) for results in (own, others)]
    return (f"| {name} | {engine} | {middle[0]:.1f} | {middle[1]:.1f} | **{statistics.median(ratios):.2f}** "
            f"({min(ratios):.2f} to {max(ratios):.2f}) | {peaks[0]:.0f} / {peaks[1]:.0f} |")


if __name__ == "__main__":
    main()
