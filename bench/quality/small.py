#!/usr/bin/env python3
"""Measures when a training on a small data set begins to overfit.

    python3 bench/quality/small.py --work DIR                           run the missing cells
    python3 bench/quality/small.py --work DIR openmoji/300/64/crop/1    run these cells
    python3 bench/quality/small.py --work DIR --table                   print the table of the finished cells

A cell is DATASET/IMAGES/SIZE/VARIANT/SEED: that many training pairs, chosen by a hash of their names, at that image size.
The held-out pairs of the data set are validated every EVERY steps (train.validation), always the same ones. Epochs count
the pairs of whole batches. Minutes are those of all starts of a cell. Use another DIR after a change of the defaults.
"""
import argparse
import hashlib
import json
import shutil
import statistics
import sys
from pathlib import Path

from quality import COMMON, timed, train, write_dataset

BATCH = 4
EVERY = 250
VALIDATION_INPUTS = 64
VARIANTS = {"default": {}, "crop": {"augment.load-ratio": 1.12}}
# Steps by cell: enough for the held-out error to rise, or as many as time allows.
STEPS = {
    "openmoji/100/64/default": 2500,
    "openmoji/300/64/default": 3000,
    "openmoji/1000/64/default": 5000,
    "openmoji/3888/64/default": 6000,
    "openmoji/100/64/crop": 2500,
    "openmoji/300/64/crop": 3000,
    "openmoji/100/128/default": 1500,
    "openmoji/300/128/default": 2000,
    "openmoji/1000/128/default": 2500,
    "openmoji/3888/128/default": 3000,
    "clipart/100/64/default": 2500,
    "clipart/300/64/default": 3000,
    "clipart/1087/64/default": 5000,
}
# A training overfits if the mean error of the last validations exceeds the lowest error by this factor.
RISE = 1.02
LAST = 3


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
    set_name, images, size, variant, seed = name.split("/")
    folder.mkdir(parents=True, exist_ok=True)
    data = write_dataset(set_name, size, work / "small" / "data" / f"{set_name}-{size}")
    subset(data, int(images), folder)
    settings = {
        **COMMON,
        **VARIANTS[variant],
        "train.batch-size": BATCH,
        "model.image-size": size,
        "train.validation.data": data,
        "train.validation.every-steps": EVERY,
        "train.validation.inputs": VALIDATION_INPUTS,
        # Checkpoints are validated, too; the one at the end is not.
        "checkpoint.every-steps": EVERY,
    }
    print(name, "...", flush=True)
    pairs = (STEPS[name.rsplit("/", 1)[0]] + 1) * BATCH
    with timed(folder):
        train(settings, seed, folder, pairs, folder, folder / "log")
    (folder / "trained").touch()
    print(name, (folder / "minutes").read_text(), "min", flush=True)


def validations(folder):
    """The scores of a finished cell in the order of their steps, and its last step. Repeated steps replace earlier ones."""
    scores = {}
    last = 0
    with (folder / "checkpoints" / "steps.jsonl").open() as steps:
        for line in steps:
            record = json.loads(line)
            last = max(last, record["step"])
            if "validation" in record:
                scores[record["step"]] = record["validation"]
    return [scores[step] for step in sorted(scores)], last


def table(work):
    print("| data | pairs | size | variant | seed | epochs | minutes | lowest held-out L1 | L1 at the end | overfits |"
          " epochs in total | diversity |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name in STEPS:
        for folder in sorted((work / "small" / name).glob("*")):
            if (folder / "trained").exists():
                print(row(name, folder))


def row(name, folder):
    """The row of a finished cell: epochs and minutes until the lowest held-out error."""
    set_name, images, size, variant = name.split("/")
    scores, last = validations(folder)
    best = min(scores, key=lambda score: score["nearestL1"])
    end = statistics.mean(score["nearestL1"] for score in scores[-LAST:])
    epochs, all_epochs = (step * BATCH / int(images) for step in (best["step"], last))
    minutes = float((folder / "minutes").read_text()) * best["step"] / last
    overfits = "yes" if end > best["nearestL1"] * RISE else "no"
    return (f"| {set_name} | {int(images):,} | {size} | {variant} | {folder.name} | {epochs:.0f} | {minutes:.0f} |"
            f" {best['nearestL1']:.4f} | {end:.4f} | {overfits} | {all_epochs:.0f} | {best['diversity']:.3f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", metavar="DATASET/IMAGES/SIZE/VARIANT/SEED")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    if arguments.table:
        table(work)
        return
    cells = arguments.cells or [f"{name}/1" for name in STEPS]
    for name in cells:
        kind, _, seed = name.rpartition("/")
        if kind not in STEPS or not seed.isdigit():
            sys.exit(f"there is no cell {name}; a cell is one of these and a seed: {', '.join(STEPS)}")
    for name in cells:
        cell(work, name)


if __name__ == "__main__":
    main()
