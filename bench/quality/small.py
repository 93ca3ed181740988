#!/usr/bin/env python3
"""Measures when the default settings begin to overfit a small data set.

Its table is in docs/how-to/small-data.md.

    python3 bench/quality/small.py --work DIR                        run the missing cells
    python3 bench/quality/small.py --work DIR openmoji/1000/64/1     run these cells
    python3 bench/quality/small.py --work DIR --table                print the table

A cell is DATASET/IMAGES/SIZE/SEED: that many training pairs, chosen by a hash of their names, at that image size. The
held-out pairs of the data set are validated every EVERY steps (train.validation), always the same ones.
"""
import argparse
import hashlib
import json
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

from quality import COMMON, PYTHON, ROOT, TANDEM, run, train

DATA_SEED = 8
BATCH = 4
EVERY = 250
VALIDATION_INPUTS = 64
# Steps by number of images and size: enough for the held-out error to rise, or as many as time allows.
STEPS = {
    ("openmoji", 100, 64): 4000,
    ("openmoji", 300, 64): 6000,
    ("openmoji", 1000, 64): 8000,
    ("openmoji", 3888, 64): 12000,
    ("openmoji", 100, 128): 3000,
    ("openmoji", 300, 128): 4000,
    ("openmoji", 1000, 128): 6000,
    ("openmoji", 3888, 128): 8000,
    ("clipart", 100, 64): 4000,
    ("clipart", 300, 64): 6000,
    ("clipart", 1087, 64): 8000,
}


def all_cells():
    return [f"{data}/{images}/{size}/1" for data, images, size in STEPS]


def dataset(work, name, size):
    folder = work / "small" / "data" / f"{name}-{size}"
    if not (folder / "manifest.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        writer = [PYTHON, ROOT / "bench/quality/clipart.py"] if name == "clipart" else [TANDEM, "dataset", name, "--json"]
        run(*writer, "--size", size, "--seed", DATA_SEED, "--out", folder, log=folder.with_suffix(".log"))
    return folder


def subset(data, images, folder):
    """A folder with some of the training pairs: the same ones at every size."""
    files = sorted((data / "train").iterdir(), key=lambda path: hashlib.sha256(path.name.encode()).hexdigest())
    if images > len(files):
        sys.exit(f"{data} has {len(files)} training pairs, fewer than {images}")
    (folder / "train").mkdir(parents=True, exist_ok=True)
    for file in files[:images]:
        shutil.copy(file, folder / "train")
    return folder


def cell(work, name):
    folder = work / "small" / name
    if (folder / "trained").exists():
        return
    set_name, images, size, seed = name.split("/")
    folder.mkdir(parents=True, exist_ok=True)
    data = dataset(work, set_name, int(size))
    subset(data, int(images), folder)
    settings = {
        **COMMON,
        "model.image-size": size,
        "train.validation.data": data,
        "train.validation.every-steps": EVERY,
        "train.validation.inputs": VALIDATION_INPUTS,
        # Checkpoints are validated, too; the one at the end is not.
        "checkpoint.every-steps": EVERY,
        "health.step-log-size": "2 GiB",
    }
    print(name, "...", flush=True)
    start = time.time()
    train(settings, seed, folder, (STEPS[set_name, int(images), int(size)] + 1) * BATCH, folder, folder / "log")
    (folder / "trained").write_text(f"{(time.time() - start) / 60:.1f}")
    print(name, f"{(time.time() - start) / 60:.1f} min", flush=True)


def validations(folder):
    """The scores of a finished cell, and the step and time of its last record."""
    scores = []
    last = 0
    with (folder / "checkpoints" / "steps.jsonl").open() as steps:
        for line in steps:
            record = json.loads(line)
            last = record["step"]
            score = record.get("validation")
            if score and score["step"] == record["step"]:
                scores.append(score)
    return scores, last


def table(work):
    print("| data | images | size | epochs of the lowest held-out error | pairs | minutes | held-out L1 | at the end |"
          " diversity |")
    print("|---|---|---|---|---|---|---|---|---|")
    for set_name, images, size in STEPS:
        for folder in sorted((work / "small" / set_name / str(images) / str(size)).glob("*")):
            if not (folder / "trained").exists():
                continue
            scores, last = validations(folder)
            best = min(scores, key=lambda score: score["nearestL1"])
            end = statistics.mean(score["nearestL1"] for score in scores[-3:])
            pairs = best["step"] * BATCH
            minutes = float((folder / "trained").read_text()) * best["step"] / last
            print(f"| {set_name} | {images} | {size} | {pairs / images:.0f} | {pairs:,} | {minutes:.0f} |"
                  f" {best['nearestL1']:.4f} | {end:.4f} | {best['diversity']:.3f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", metavar="DATASET/IMAGES/SIZE/SEED")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    if arguments.table:
        table(work)
        return
    for name in arguments.cells or all_cells():
        cell(work, name)


if __name__ == "__main__":
    main()
