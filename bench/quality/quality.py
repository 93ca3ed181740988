#!/usr/bin/env python3
"""Trains and evaluates the cells of the tables in docs/reference/evaluation.md, with the commands of a user.

    python3 bench/quality/quality.py --work DIR                      run all missing cells
    python3 bench/quality/quality.py --work DIR openmoji/default/1   run these cells
    python3 bench/quality/quality.py --work DIR --table              print the tables of the finished cells

A cell is DATASET/ROW/SEED. Its folder in DIR has the same name and holds its checkpoint, the report of `tandem evaluate`
and the minutes of training. An interrupted cell resumes from its last checkpoint. A finished cell is not repeated, so use
another DIR after a change of the defaults. On one core most cells take 10 to 20 minutes. With OMP_NUM_THREADS=1, two cells
can run at the same time on two cores. Rows that begin with `pytorch` need PyTorch and Pillow for /usr/bin/python3, data set
clipart needs Debian's openclipart-png, NumPy and Pillow. A machine with a GPU can train these rows with
bench/pytorch/train.py --device cuda --weights: a file generator.pt in a cell's folder is translated instead of trained.
--set adds settings to all rows of Tandem, for example model.device=cuda.

A table has mean and standard deviation of the seeds, and the worst seed in brackets.
"""
import argparse
import json
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[2]
TANDEM = str(ROOT / "tandem")
PYTHON = "/usr/bin/python3"
# Not 42: the recipe was chosen on that split. Not 7: it would hold out all 260 flags, which share one outline.
DATA_SEED = 8

COMMON = {"model.width": 16, "augment.load-ratio": 1}
ROWS = {
    # The presets.
    "default": COMMON,
    "paper": {**COMMON, "model.preset": "paper"},
    "seed": {**COMMON, "model.preset": "seed"},
    # The presets of the reference programs in PyTorch.
    "pytorch-paper": "paper",
    "pytorch-seed": "seed",
    # The default with one of its choices undone.
    "unconditional": {**COMMON, "model.discriminator.conditional": "false"},
    "no-average": {**COMMON, "train.ema-decay": 0},
    "whole-batch": {**COMMON, "train.split-batch": "false"},
    "slow": {**COMMON, "train.learning-rate": 2e-4},
    "transposed": {**COMMON, "model.generator.upsample": "basic"},
    "zero-padding": {**COMMON, "model.generator.padding": "zero"},
    "instance-discriminators": {**COMMON, "model.discriminator.norm": "instance"},
    "discriminators-without-norm": {**COMMON, "model.discriminator.norm": "none"},
    "equal-adversarial-weights": {**COMMON, "train.loss.lambda-gan-lr": 1},
    "instance-encoder": {**COMMON, "model.encoder.norm": "instance"},
    "latent-channels": {**COMMON, "model.generator.latent-injection": "all"},
    "paper-losses": {
        **COMMON,
        "train.loss.lambda-l1": 10,
        "train.loss.lambda-kl": 0.01,
        "train.loss.lambda-gan-lr": 1,
    },
    # Row demo of docs/reference/evaluation.md; run only by name.
    "earlier": {
        **COMMON,
        "model.preset": "paper",
        "model.generator.upsample": "bilinear",
        "model.discriminator.conditional": "true",
        "train.batch-size": 8,
        "train.split-batch": "false",
        "train.learning-rate": 1e-3,
        "train.ema-decay": 0.99,
    },
    # The paper's ablations.
    "cvae-gan": {**COMMON, "train.loss.lambda-gan-lr": 0, "train.loss.lambda-latent": 0},
    "clr-gan": {
        **COMMON,
        "train.loss.lambda-gan": 0,
        "train.loss.lambda-l1": 0,
        "train.loss.lambda-kl": 0,
        "train.loss.lambda-gan-lr": 1,
        "train.latent-gradient": "both",
    },
    "pix2pix-noise": {**COMMON, "model.encoder.type": "none"},
}
MAIN_ROWS = ("default", "paper", "pytorch-paper")
OPTIONAL_ROWS = ("earlier",)
REFERENCE_ROWS = ("seed", "pytorch-seed")


@dataclass(frozen=True)
class Data:
    """A data set: the images' size, and the number of correct outputs per input that has its own columns (0: none)."""

    source: str
    size: int
    modes: int


DATASETS = {
    "openmoji": Data("openmoji", 64, 6),
    "shapes": Data("shapes", 64, 12),
    "clipart": Data("clipart", 64, 0),
    "clipart128": Data("clipart", 128, 0),
}


@dataclass(frozen=True)
class Column:
    """A figure of the report; the worst seed is the one with the lowest or the highest value."""

    title: str
    path: str
    digits: int
    worst: Callable


COLUMNS = [
    Column("outline recall", "faithful.outlineRecall", 3, min),
    Column("nearest L1", "faithful.nearestL1", 4, max),
    Column("nearest SSIM", "faithful.nearestSsim", 3, min),
    Column("diversity", "diverse.perceptualWhereSeveral", 3, min),
    Column("KID x 1000", "realistic.kernelDistance", 2, max),
    Column("precision", "realistic.precision", 2, min),
    Column("recall", "realistic.recall", 2, min),
    Column("coverage of {modes}", "covers.coverageOf{modes}", 2, min),
    Column("near none of {modes}", "covers.nearNoneOf{modes}", 2, max),
    Column("coverage, all", "covers.coverage", 2, min),
    Column("near none, all", "covers.nearNone", 2, max),
    Column("latent L1", "invertible.latentL1", 2, max),
]


def seeds(name, row):
    # Images of 128x128 have four times as many pixels.
    if row in REFERENCE_ROWS or DATASETS[name].size > 64:
        return range(1, 2)
    return range(1, 6) if row in MAIN_ROWS else range(1, 4)


def all_cells():
    others = [row for row in ROWS if row not in MAIN_ROWS + OPTIONAL_ROWS]
    rows = [(name, row) for name in DATASETS for row in MAIN_ROWS] + [("openmoji", row) for row in others]
    return [f"{name}/{row}/{seed}" for name, row in rows for seed in seeds(name, row)]


def run(*command, log):
    """Runs a command, writes its output to the log, and returns the JSON object of its last line."""
    with log.open("a") as errors:
        print("$", *command, file=errors, flush=True)
        done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=errors, text=True)
        print(done.stdout, file=errors)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(c) for c in command)}\nended with {done.returncode}; see {log}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


@contextmanager
def broker(folder, log):
    port = free_port()
    with log.open("a") as errors:
        process = subprocess.Popen([TANDEM, "broker", "--dir", folder, "--port", str(port)], stderr=errors)
    try:
        while True:
            if process.poll() is not None:
                sys.exit(f"the broker ended; see {log}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def dataset(work, name):
    return write_dataset(DATASETS[name].source, DATASETS[name].size, work / name / "data")


def write_dataset(source, size, folder):
    """Writes a data set unless it exists, with its log beside the folder."""
    if not (folder / "manifest.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        writer = [PYTHON, ROOT / "bench/quality/clipart.py"] if source == "clipart" else [TANDEM, "dataset", source, "--json"]
        run(*writer, "--size", size, "--seed", DATA_SEED, "--out", folder, log=folder.with_suffix(".log"))
    return folder


def train(settings, seed, data, pairs, folder, log):
    """Trains through Kafka. Resumes from the last checkpoint if there is one."""
    epochs = math.ceil(pairs / len(list((data / "train").iterdir())))
    assignments = {**settings, "train.seed": seed, "checkpoint.directory": folder / "checkpoints"}
    with broker(folder / "kafka", log) as address:
        run(TANDEM, "produce", "--bootstrap", address, "--epochs", epochs, "--seed", seed, "--json", data / "train",
            log=log)
        run(TANDEM, "run", "--roles", "train", "--stop-after-pairs", pairs, "--json",
            "--set", f"kafka.bootstrap-servers={address}",
            *(part for key, value in assignments.items() for part in ("--set", f"{key}={value}")),
            log=log)
    shutil.rmtree(folder / "kafka")


def train_in_pytorch(preset, size, seed, data, pairs, folder, log):
    weights = folder / "generator.pt"
    command = [PYTHON, ROOT / "bench/pytorch/train.py", "--preset", preset, "--size", size, "--data", data, "--pairs", pairs,
               "--seed", seed, "--threads", os.environ.get("OMP_NUM_THREADS", 2), "--weights", weights]
    if not weights.exists():
        with timed(folder):
            run(*command, log=log)
    run(*command, "--out", folder / "translations", log=log)


@contextmanager
def timed(folder):
    """Adds the minutes of this start to those of earlier starts, also after Ctrl-C."""
    minutes = folder / "minutes"
    earlier = float(minutes.read_text()) if minutes.exists() else 0
    start = time.time()
    try:
        yield
    finally:
        minutes.write_text(f"{earlier + (time.time() - start) / 60:.1f}")


def cell(work, name, pairs, inputs, more_settings=None):
    folder = work / name
    if (folder / "evaluation" / "report.json").exists():
        return
    set_name, row, seed = name.split("/")
    data = dataset(work, set_name)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    trained = folder / "trained"
    in_pytorch = row.startswith("pytorch")
    size = DATASETS[set_name].size
    start = time.time()
    print(name, "...", flush=True)
    if not trained.exists():
        if in_pytorch:
            train_in_pytorch(ROWS[row], size, seed, data, pairs, folder, log)
        else:
            with timed(folder):
                train({**ROWS[row], "model.image-size": size, **(more_settings or {})}, seed, data, pairs, folder, log)
        trained.touch()
    subject = ["--translations", folder / "translations"] if in_pytorch else ["--checkpoint", folder / "checkpoints"]
    run(TANDEM, "evaluate", *subject, "--data", data, "--inputs", inputs, "--out", folder / "evaluation", "--json",
        log=log)
    print(name, f"{(time.time() - start) / 60:.1f} min", flush=True)


def value(report, path, modes):
    section, key = path.split(".")
    found = report.get(section, {}).get(key.format(modes=modes))
    if found is None and section in report:
        # If all inputs have the same number of correct outputs, the report has no figures per number.
        found = report[section].get(key.replace("Of{modes}", ""))
    return found * 1000 if found is not None and key == "kernelDistance" else found


def shown(reports, column, modes):
    values = [v for v in (value(report, column.path, modes) for report in reports) if v is not None]
    if not values:
        return ""
    text = f"{statistics.mean(values):.{column.digits}f}"
    if len(values) == 1:
        return text
    return f"{text} ± {statistics.stdev(values):.{column.digits}f} ({column.worst(values):.{column.digits}f})"


def table(work):
    for name, data in DATASETS.items():
        columns = [column for column in COLUMNS if data.modes or not column.path.startswith("covers")]
        print(f"\n| {name} | seeds | minutes |", " | ".join(c.title.format(modes=data.modes) for c in columns), "|")
        print("|---|---|---|" + "---|" * len(columns))
        for row in ROWS:
            cells = [path.parents[1] for path in sorted((work / name / row).glob("*/evaluation/report.json"))]
            if cells:
                reports = [json.loads((cell / "evaluation" / "report.json").read_text()) for cell in cells]
                files = [folder / "minutes" for folder in cells]
                minutes = [float(file.read_text()) for file in files if file.exists()]
                # A cell has no minutes if another machine trained it.
                median = f"{statistics.median(minutes):.0f}" if len(minutes) == len(cells) else ""
                figures = (shown(reports, column, data.modes) for column in columns)
                print(f"| `{row}` | {len(cells)} | {median} |", " | ".join(figures), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", metavar="DATASET/ROW/SEED")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=24000, help="pairs to train on; default 24000")
    parser.add_argument("--inputs", type=int, default=1000, help="maximum number of inputs to evaluate; default 1000")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of all rows of Tandem")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    if not all("=" in entry for entry in arguments.set):
        parser.error("--set needs KEY=VALUE")
    work = arguments.work.resolve()
    if arguments.table:
        table(work)
        return
    for name in arguments.cells or all_cells():
        if name.count("/") != 2 or name.split("/")[0] not in DATASETS or name.split("/")[1] not in ROWS:
            sys.exit(f"there is no cell {name}; the data sets are {', '.join(DATASETS)}, the rows {', '.join(ROWS)}")
        cell(work, name, arguments.pairs, arguments.inputs, dict(entry.split("=", 1) for entry in arguments.set))


if __name__ == "__main__":
    main()
