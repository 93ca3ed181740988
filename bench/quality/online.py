#!/usr/bin/env python3
"""Measures how a trained model adapts to a new distribution and forgets the old one.

Its tables are in docs/how-to/train-online.md.

    python3 bench/quality/online.py --work DIR                run the missing runs
    python3 bench/quality/online.py --work DIR plain/2        run these: VARIANT/SEED
    python3 bench/quality/online.py --work DIR --table        print the tables

The model is first trained on openmoji: the cell openmoji/default/SEED of quality.py (created if it is missing), then 2880
more pairs that fill the replay buffer. It is then trained on shapes. Every 960 pairs it is evaluated on held-out pairs of
both. A table has mean and standard deviation of the seeds. Use another DIR after a change of the defaults.
"""
import argparse
import json
import shutil
import statistics
import sys
from pathlib import Path

from quality import DATASETS, ROWS, TANDEM, cell, dataset, run, train

BASE = "openmoji/default"
SEEDS = (1, 2, 3)
# All variants average over as many steps.
SETTINGS = {
    **ROWS["default"],
    "train.batch-size": 4,
    "train.ema-decay": 0.995,
    "model.image-size": DATASETS["openmoji"].size,
}
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


def base(work, seed):
    """Trains the common starting point of all variants and returns its checkpoint folder."""
    folder = work / "online" / "base" / seed
    checkpoints = folder / "checkpoints"
    if not (checkpoints / "done").exists():
        cell(work, f"{BASE}/{seed}", BASE_PAIRS, 1000)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(work / BASE / seed / "checkpoints", checkpoints, dirs_exist_ok=True)
        settings = {**SETTINGS, "train.replay.capacity": CAPACITY, "train.replay.share": 0}
        train(settings, seed, dataset(work, "openmoji"), BASE_PAIRS + FILLING, folder, folder / "log")
        (checkpoints / "done").touch()
    return checkpoints


def report_folder(work, name, seed, data, pairs):
    """The folder of a report. The starting point is common to all variants, so its report is stored once."""
    return work / "online" / (name if pairs else "base") / seed / f"{data}-{BASE_PAIRS + FILLING + pairs}"


def variant(work, name, seed):
    folder = work / "online" / name / seed
    log = folder / "log"
    if not (folder / "done").exists():
        checkpoints = folder / "checkpoints"
        if not checkpoints.exists():
            shutil.copytree(base(work, seed), checkpoints)
        settings = {**SETTINGS, **VARIANTS[name], "checkpoint.keep": 1000}
        fresh = settings["train.batch-size"] * (1 - settings.get("train.replay.share", 0))
        train({**settings, "checkpoint.every-steps": int(EVERY / fresh)}, seed, dataset(work, "shapes"),
              BASE_PAIRS + FILLING + STREAM, folder, log)
        (folder / "done").touch()
    for checkpoint in sorted((folder / "checkpoints").glob("step-*")):
        pairs = json.loads((checkpoint / "state.json").read_text())["pairs"] - BASE_PAIRS - FILLING
        for data in FIGURES:
            report = report_folder(work, name, seed, data, pairs)
            if pairs >= 0 and not (report / "report.json").exists():
                run(TANDEM, "evaluate", "--checkpoint", checkpoint, "--data", dataset(work, data), "--inputs", INPUTS,
                    "--out", report, "--json", log=log)


def shown(values, digits):
    if len(values) < 2:
        return "".join(f"{value:.{digits}f}" for value in values)
    return f"{statistics.mean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"


def table(work):
    for data, figures in FIGURES.items():
        for key, section, digits in figures:
            print(f"\n| {data}, {key} after |", " | ".join(f"{n}" for n in range(0, STREAM + 1, EVERY)), "|")
            print("|---|" + "---|" * (STREAM // EVERY + 1))
            for name in VARIANTS:
                columns = []
                for pairs in range(0, STREAM + 1, EVERY):
                    reports = [report_folder(work, name, str(seed), data, pairs) / "report.json" for seed in SEEDS]
                    found = [json.loads(r.read_text())[section][key] for r in reports if r.exists()]
                    columns.append(shown(found, digits))
                print(f"| `{name}` |", " | ".join(columns), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="*", metavar="VARIANT/SEED")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    if arguments.table:
        table(work)
        return
    runs = [name.split("/") for name in arguments.runs or [f"{v}/{seed}" for seed in SEEDS for v in VARIANTS]]
    for parts in runs:
        if len(parts) != 2 or parts[0] not in VARIANTS or parts[1] not in map(str, SEEDS):
            sys.exit(f"there is no run {'/'.join(parts)}; a run is VARIANT/SEED, the variants are {', '.join(VARIANTS)},"
                     f" the seeds {', '.join(map(str, SEEDS))}")
    for name, seed in runs:
        variant(work, name, seed)


if __name__ == "__main__":
    main()
