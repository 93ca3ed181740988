#!/usr/bin/env python3
"""Measures how a trained model adapts to a new distribution and forgets the old one.

Its tables are in docs/how-to/train-online.md.

    python3 bench/quality/online.py --work DIR            run the missing variants
    python3 bench/quality/online.py --work DIR --table    print the tables

All variants together take an hour on two cores.

The model is first trained on openmoji: the cell openmoji/default/1 of quality.py (created if it is missing), then 2880 more
pairs that fill the replay buffer. It is then trained on shapes. Every 960 pairs it is evaluated on held-out pairs of both.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

from quality import DATASETS, ROWS, TANDEM, cell, dataset, run, train

BASE = "openmoji/default/1"
SETTINGS = {**ROWS["default"], "train.batch-size": 4, "model.image-size": DATASETS["openmoji"].size}
BASE_PAIRS = 24000
# Every variant's checkpoint interval divides the steps before the stream, so each evaluation has a checkpoint.
FILLING = 2880
STREAM = 3840
EVERY = 960
INPUTS = 60
CAPACITY = 1024
VARIANTS = {
    "plain": {},
    # As many steps per fresh pair as with half of the batch from the replay buffer.
    "batch-2": {"train.batch-size": 2},
    "replay-quarter": {"train.replay.capacity": CAPACITY, "train.replay.share": 0.25},
    "replay-half": {"train.replay.capacity": CAPACITY, "train.replay.share": 0.5},
    "slow": {"train.learning-rate": 2e-4},
}
FIGURES = {
    "shapes": [("nearestL1", "faithful", 4), ("outlineRecall", "faithful", 3), ("coverage", "covers", 2)],
    "openmoji": [("nearestL1", "faithful", 4), ("outlineRecall", "faithful", 3), ("coverageOf6", "covers", 2)],
}


def base(work):
    """Trains the common starting point of all variants and returns its checkpoint folder."""
    folder = work / "online" / "base"
    checkpoints = folder / "checkpoints"
    if not (checkpoints / "done").exists():
        cell(work, BASE, BASE_PAIRS, 1000)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(work / BASE / "checkpoints", checkpoints, dirs_exist_ok=True)
        settings = {**SETTINGS, "train.replay.capacity": CAPACITY, "train.replay.share": 0}
        train(settings, 1, dataset(work, "openmoji"), BASE_PAIRS + FILLING, folder, folder / "log")
        (checkpoints / "done").touch()
    return checkpoints


def variant(work, name):
    folder = work / "online" / name
    log = folder / "log"
    if not (folder / "done").exists():
        checkpoints = folder / "checkpoints"
        if not checkpoints.exists():
            shutil.copytree(base(work), checkpoints)
        settings = {**SETTINGS, **VARIANTS[name], "checkpoint.keep": 1000}
        fresh = settings["train.batch-size"] * (1 - settings.get("train.replay.share", 0))
        train({**settings, "checkpoint.every-steps": int(EVERY / fresh)}, 1, dataset(work, "shapes"),
              BASE_PAIRS + FILLING + STREAM, folder, log)
        (folder / "done").touch()
    for checkpoint in sorted((folder / "checkpoints").glob("step-*")):
        pairs = json.loads((checkpoint / "state.json").read_text())["pairs"]
        for data in FIGURES:
            # The starting point is common to all variants, so its report is stored once.
            begins = pairs == BASE_PAIRS + FILLING
            report = (work / "online" / "base" if begins else folder) / f"{data}-{pairs}"
            if pairs >= BASE_PAIRS + FILLING and not (report / "report.json").exists():
                run(TANDEM, "evaluate", "--checkpoint", checkpoint, "--data", dataset(work, data), "--inputs", INPUTS,
                    "--out", report, "--json", log=log)


def table(work):
    for data, figures in FIGURES.items():
        for key, section, digits in figures:
            print(f"\n| {data}, {key} after |", " | ".join(f"{n}" for n in range(0, STREAM + 1, EVERY)), "|")
            print("|---|" + "---|" * (STREAM // EVERY + 1))
            for name in VARIANTS:
                values = []
                for pairs in range(0, STREAM + 1, EVERY):
                    folder = work / "online" / (name if pairs else "base")
                    report = folder / f"{data}-{BASE_PAIRS + FILLING + pairs}" / "report.json"
                    found = report.exists() and json.loads(report.read_text())[section][key]
                    values.append(f"{found:.{digits}f}" if report.exists() else "")
                print(f"| `{name}` |", " | ".join(values), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variants", nargs="*", metavar="VARIANT")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    if arguments.table:
        table(work)
        return
    for name in arguments.variants:
        if name not in VARIANTS:
            sys.exit(f"there is no variant {name}; the variants are {', '.join(VARIANTS)}")
    for name in arguments.variants or VARIANTS:
        variant(work, name)


if __name__ == "__main__":
    main()
