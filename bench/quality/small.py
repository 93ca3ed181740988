#!/usr/bin/env python3
"""Measures when the default settings begin to overfit a small data set.

    python3 bench/quality/small.py --work DIR                        run the missing cells
    python3 bench/quality/small.py --work DIR openmoji/1000/64/1     run these cells
    python3 bench/quality/small.py --work DIR --table                print the table

A cell is DATASET/IMAGES/SIZE/SEED: that many training pairs, chosen by a hash of their names, at that image size. The
held-out pairs of the data set are validated every EVERY steps (train.validation), always the same ones. Epochs count the
pairs of whole batches. Minutes are those of all starts of a cell. Use another DIR after a change of the defaults.
"""
import argparse
import hashlib
import json
import shutil
import statistics
import sys
import time
from pathlib import Path

from quality import COMMON, train, write_dataset

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
    data = write_dataset(set_name, size, work / "small" / "data" / f"{set_name}-{size}")
    subset(data, int(images), folder)
    settings = {
        **COMMON,
        "train.batch-size": BATCH,
        "model.image-size": size,
        "train.validation.data": data,
        "train.validation.every-steps": EVERY,
        "train.validation.inputs": VALIDATION_INPUTS,
        # Checkpoints are validated, too; the one at the end is not.
        "checkpoint.every-steps": EVERY,
    }
    print(name, "...", flush=True)
    start = time.time()
    minutes = folder / "minutes"
    earlier = float(minutes.read_text()) if minutes.exists() else 0
    try:
        train(settings, seed, folder, (STEPS[set_name, int(images), int(size)] + 1) * BATCH, folder, folder / "log")
    finally:
        minutes.write_text(f"{earlier + (time.time() - start) / 60:.1f}")
    (folder / "trained").touch()
    print(name, minutes.read_text(), "min", flush=True)


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
    print("| data | images | size | seed | epochs of the lowest held-out error | pairs | minutes | held-out L1 | at the end |"
          " diversity |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for set_name, images, size in STEPS:
        for folder in sorted((work / "small" / set_name / str(images) / str(size)).glob("*")):
            if not (folder / "trained").exists():
                continue
            scores, last = validations(folder)
            best = min(scores, key=lambda score: score["nearestL1"])
            end = statistics.mean(score["nearestL1"] for score in scores[-3:])
            pairs = best["step"] * BATCH
            minutes = float((folder / "minutes").read_text()) * best["step"] / last
            print(f"| {set_name} | {images} | {size} | {folder.name} | {pairs / images:.0f} | {pairs:,} | {minutes:.0f} |"
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
    cells = arguments.cells or all_cells()
    known = {name.rsplit("/", 1)[0] for name in all_cells()}
    for name in cells:
        if name.rsplit("/", 1)[0] not in known or not name.rsplit("/", 1)[1].isdigit():
            sys.exit(f"there is no cell {name}; a cell is one of these and a seed: {', '.join(sorted(known))}")
    for name in cells:
        cell(work, name)


if __name__ == "__main__":
    main()
