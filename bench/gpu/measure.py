#!/usr/bin/env python3
"""Checks Tandem on a GPU and measures it against PyTorch. `run` starts it with the right environment; see README.md.

Each check and each cell is one line of results/log.jsonl, appended when it is finished. A later call continues with what is
missing, so short calls can follow each other. results/results.json and results/results.md are written at the end of each
call.
"""
import argparse
import contextlib
import json
import os
import platform
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import cells as cells_of
from machine import KitError, cpu_text, find_gpu, output_of, torch_version
from results_log import ResultsLog

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LIBRARIES = f"{ROOT}/lib/*"
TEST_LIBRARIES = f"{ROOT}/test-lib/*"
# Runs a command with the variables that the launcher sets for Tandem.
LAUNCHER_ENVIRONMENT = ["bash", "-c", 'eval "$(grep "^export" "$0")"; exec "$@"', str(ROOT / "tandem")]
RESERVE_SECONDS = 15
# A program that needs longer for one answer is recorded as not measured.
ANSWER_SECONDS = 300
WARM_UP_SECONDS = 1
ROUND_SECONDS = 1

# By name: a test class and its options. The cells are measured without model.deterministic, so the goldens are, too.
CHECKS = {
    "goldens of PyTorch": ("TorchParityTest", []),
    "goldens in each precision": ("TorchPrecisionTest", []),
    "bit-identical resume": ("TorchCheckpointResumeTest", ["-Dtandem.test.deterministic=true"]),
}
# On a GPU, each check is repeated with CUDA graphs.
GRAPHS_OPTION = "-Dtandem.test.cuda-graphs=true"
GRAPH_CHECKS = {f"{name}, with CUDA graphs": (test, [*options, GRAPHS_OPTION]) for name, (test, options) in CHECKS.items()}
# What Tandem logs when it uses CUDA graphs, and when it does not although it should.
GRAPHS = "phases are replayed as CUDA graphs"
NO_GRAPHS = "CUDA graphs are not used: "


class Budget:
    """The time of this call. Some machines end a command at a limit, and what it has not written is lost."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return self.end - time.monotonic()


class OutOfTime(Exception):
    """The time of this call is over. A later call repeats what is not finished."""


class WorkerError(Exception):
    """Why a program is not measured."""


class Worker:
    """A program that measures on request; see worker.py for the protocol."""

    def __init__(self, command, log, budget):
        self.budget = budget
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1)

    def ask(self, request):
        """Returns the answer.

        Raises WorkerError if the program fails or takes too long, and OutOfTime if the time of this call ends first.
        """
        left = self.budget.left() - RESERVE_SECONDS
        line, expired = self.exchange(request, min(left, ANSWER_SECONDS)) if left > 0 else ("", True)
        if expired and left < ANSWER_SECONDS:
            raise OutOfTime("the time of this call is over")
        if expired:
            raise WorkerError(f"no answer within {ANSWER_SECONDS} s")
        if not line:
            raise WorkerError("it ended; see worker.log")
        try:
            answer = json.loads(line)
        except json.JSONDecodeError:
            raise WorkerError(f"it wrote a line that is no answer: {line.strip()}")
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def exchange(self, request, seconds):
        """Returns the next line, which is empty if the program ends, and whether it was ended after some seconds."""
        expired = threading.Event()

        def expire():
            expired.set()
            self.process.kill()

        timer = threading.Timer(seconds, expire)
        timer.start()
        try:
            # A program that has ended may have written its error.
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(f"{request}\n")
                self.process.stdin.flush()
            return self.process.stdout.readline(), expired.is_set()
        finally:
            timer.cancel()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Kit:
    def __init__(self, arguments):
        self.arguments = arguments
        self.results = arguments.results
        self.budget = Budget(arguments.seconds)
        self.device = "cpu" if arguments.rehearse else arguments.device
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        self.gpu = None if arguments.rehearse else find_gpu(self.device, visible)
        self.torch_version = torch_version()
        reasons = {way: cells_of.skip_reason(way, self.gpu is not None, self.torch_version) for way in arguments.ways}
        self.ways = [way for way, reason in reasons.items() if reason is None]
        self.skipped = {way: dict(skipped=reason) for way, reason in reasons.items() if reason is not None}
        self.identity = dict(
            gpu=self.gpu.text if self.gpu else "none (rehearsal)", commit=(ROOT / "commit").read_text().strip(),
            torch=self.torch_version)
        self.log = ResultsLog(self.results / "log.jsonl", self.identity)
        self.checks = {**CHECKS, **GRAPH_CHECKS} if self.gpu else CHECKS

    # ------------------------------------------------------------------------------------------ commands

    def java(self, *arguments, libraries=(LIBRARIES,)):
        release = (ROOT / "runtime" / "release").read_text()
        newest = int(re.search(r'JAVA_VERSION="(\d+)', release).group(1)) >= 24
        return [*LAUNCHER_ENVIRONMENT, str(ROOT / "runtime" / "bin" / "java"), "-Djava.awt.headless=true",
                *(["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"] if newest else []),
                "-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                f"-Dorg.bytedeco.javacpp.cachedir={ROOT / 'native'}", "-cp", ":".join(libraries), *arguments]

    def tandem(self, *arguments):
        return self.java("dev.tandem.app.Main", *arguments)

    def own_command(self, cell, graphs="off"):
        return self.java(
            "dev.tandem.bench.MeasurementWorker", cell.what, str(cell.batch), "model.engine=libtorch",
            f"model.device={self.device}", f"model.preset={cell.preset}", f"model.image-size={cell.size}",
            f"model.width={cell.width}", f"model.precision={cell.precision}", f"model.cuda-graphs={graphs}")

    def torch_command(self, way, cell):
        return [sys.executable, str(HERE / "worker.py"), cell.what, way, cell.preset, str(cell.size), str(cell.width),
                str(cell.batch), cell.precision, self.device]

    # ------------------------------------------------------------------------------------------ checks

    def prepare(self):
        """Finds out that Java starts, and says which results do not count."""
        output_of(self.tandem("--version"), "Java")
        self.results.mkdir(parents=True, exist_ok=True)
        others = self.log.others()
        if others:
            say(f"{others} entries of {self.log.file} are of another GPU, driver, build or torch; they are not used")

    def doctor(self):
        """Prints what the engines can use, and keeps the whole report. It ends with 1, because there is no broker."""
        command = self.tandem("doctor", "--set", "model.engine=libtorch", "--set", f"model.device={self.device}",
                              "--set", "topics.admin-timeout=1s")
        report = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        (self.results / "doctor.txt").write_text(report)
        say("\n".join(line for line in report.splitlines() if re.match(r"[A-Z]+ +(GPU|engine|device)", line)))

    def check(self):
        """Repeats failed checks."""
        done = self.log.entries("check")
        for name in (name for name in self.checks if done.get(name, {}).get("result") != "passed"):
            say(f"check: {name}")
            started = time.monotonic()
            test_class, options = self.checks[name]
            graphs = GRAPHS_OPTION in options
            log = self.results / f"check-{test_class}{'-graphs' if graphs else ''}.log"
            passed = self.passes(test_class, options, log) and (not graphs or used_graphs(log.read_text()))
            result = "passed" if passed else f"FAILED; see {log.name}"
            say(f"check: {name}: {result}")
            self.log.append(check=name, result=result, seconds=round(time.monotonic() - started, 1),
                            gradientErrors=cells_of.gradient_errors(log.read_text()))

    def passes(self, test_class, options, log):
        command = self.java(
            f"-Dtandem.test.device={self.device}", *options, "org.junit.platform.console.ConsoleLauncher", "execute",
            "--disable-banner", "--details=tree", f"--select-class=dev.tandem.engine.libtorch.{test_class}",
            libraries=(TEST_LIBRARIES, LIBRARIES))
        try:
            with open(log, "w") as file:
                seconds = max(self.budget.left() - RESERVE_SECONDS, 1)
                return subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, timeout=seconds).returncode == 0
        except subprocess.TimeoutExpired:
            raise OutOfTime("the time of this call is over")

    # ------------------------------------------------------------------------------------------ cells

    def missing_cells(self):
        cells = cells_of.rehearsal_cells() if self.arguments.rehearse else cells_of.all_cells()
        return cells_of.selected(cells, self.arguments.only, self.log.entries("cell"), self.arguments.ways)

    def measure(self):
        for cell in self.missing_cells():
            left, needed = self.budget.left(), cells_of.seconds_for(self.ways)
            if left < needed:
                raise OutOfTime(f"{left:.0f} s are left, and a cell can take {needed} s")
            say(cell.name)
            programs = cells_of.with_ratios({**self.measure_cell(cell), **self.skipped})
            for name, program in programs.items():
                millis = program.get("medianMillis")
                say(f"  {name}: " + (f"{millis:.2f} ms" if millis else f"skipped, because {program['skipped']}"))
            self.log.append(cell=cell.name, programs=programs, time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

    def measure_cell(self, cell):
        commands = {cells_of.OWN: self.own_command(cell), **{way: self.torch_command(way, cell) for way in self.ways}}
        if self.gpu:
            commands[cells_of.OWN_GRAPHS] = self.own_command(cell, graphs="auto")
        with open(self.results / "worker.log", "a+") as log:
            start = log.seek(0, os.SEEK_END)
            # Interpreters and libraries start at the same time; GPU work begins one after the other.
            workers = {name: Worker(command, log, self.budget) for name, command in commands.items()}
            try:
                programs = self.measure_in_turns(workers)
            finally:
                for worker in workers.values():
                    worker.close()
            log.seek(start)
            without_graphs = re.search(f"{NO_GRAPHS}.*", log.read())
        if without_graphs and cells_of.OWN_GRAPHS in programs:
            programs[cells_of.OWN_GRAPHS] = dict(skipped=without_graphs.group())
        return programs

    def measure_in_turns(self, workers):
        programs = {name: dict(rounds=[]) for name in workers}
        runs = {}
        memory = self.used_memory()
        for name, worker in workers.items():
            try:
                worker.ask("open")
                first = worker.ask(3)["millis"]
                warm = worker.ask(cells_of.runs_for(min(first), self.arguments.warm_up_seconds))["millis"]
                runs[name] = cells_of.runs_for(sorted(warm)[len(warm) // 2], self.arguments.round_seconds)
                before, memory = memory, self.used_memory()
                if self.gpu:
                    programs[name]["gpuMiB"] = memory - before
            except WorkerError as error:
                programs[name] = dict(skipped=str(error))
        for _ in range(self.arguments.rounds):
            for name, worker in workers.items():
                if "rounds" in programs[name]:
                    try:
                        answer = worker.ask(runs[name])
                        programs[name]["rounds"].append(answer.pop("millis"))
                        programs[name].update(answer)
                    except WorkerError as error:
                        programs[name] = dict(skipped=str(error))
        return {
            name: {**cells_of.figures(program.pop("rounds")), **program} if "rounds" in program else program
            for name, program in programs.items()}

    def used_memory(self):
        return self.gpu.used_memory() if self.gpu else 0

    # ------------------------------------------------------------------------------------------ results

    def report(self):
        """Writes the results, says what is missing, and returns whether no check has failed."""
        order = [cell.name for cell in cells_of.rehearsal_cells() + cells_of.all_cells()]
        cells = sorted(self.log.entries("cell").values(), key=lambda entry: order.index(entry["cell"]))
        checks = [
            dict(name=name, result=entry["result"], gradientErrors=entry["gradientErrors"])
            for name, entry in self.log.entries("check").items()]
        results = dict(machine=self.machine(), checks=checks, cells=cells)
        (self.results / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        (self.results / "results.md").write_text(cells_of.markdown(results))
        say(f"results: {self.results / 'results.md'}")
        say(self.missing_text())
        return all(check["result"] == "passed" for check in checks)

    def missing_text(self):
        done = self.log.entries("check")
        checks = [] if self.arguments.no_checks else [name for name in self.checks if name not in done]
        cells = [] if self.arguments.checks_only else self.missing_cells()
        return (f"missing: {len(checks)} checks and {len(cells)} cells; call again to continue" if checks or cells
                else "nothing is missing")

    def machine(self):
        return {
            "GPU": self.identity["gpu"],
            "CPU": cpu_text(),
            "system": platform.platform(),
            "Tandem": self.identity["commit"],
            "Python": f"{platform.python_version()}, torch {self.torch_version}",
        }


def used_graphs(text):
    """Whether all phases of a test were replayed, by what Tandem logged."""
    return GRAPHS in text and NO_GRAPHS not in text


def say(text):
    print(text, flush=True)


def ways(text):
    names = text.split(",")
    for name in names:
        if name not in cells_of.WAYS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(cells_of.WAYS)}")
    return names


def cuda_device(text):
    if not re.fullmatch(r"cuda:\d{1,3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form cuda:N")
    return text


def at_least(least, number):
    def parse(text):
        value = number(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is less than {least}")
        return value
    parse.__name__ = number.__name__
    return parse


def parser():
    options = argparse.ArgumentParser(
        prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--device", type=cuda_device, default="cuda:0", metavar="cuda:N")
    options.add_argument("--rehearse", action="store_true", help="tiny models on the CPU")
    options.add_argument("--only", action="append", default=[], metavar="TEXT",
                         help="only cells whose name contains TEXT, for example step/paper; can be repeated")
    options.add_argument("--ways", type=ways, default=",".join(cells_of.WAYS), help="ways to run PyTorch; default: %(default)s")
    part = options.add_mutually_exclusive_group()
    part.add_argument("--no-checks", action="store_true", help="only measure")
    part.add_argument("--checks-only", action="store_true", help="measure nothing")
    options.add_argument("--seconds", type=at_least(1, float), default=570, help="the time of this call")
    options.add_argument("--rounds", type=at_least(1, int), default=5)
    options.add_argument("--round-seconds", type=at_least(0, float), default=ROUND_SECONDS)
    options.add_argument("--warm-up-seconds", type=at_least(0, float), default=WARM_UP_SECONDS)
    options.add_argument("--results", type=Path, default=Path("results"))
    return options


def main(arguments):
    kit = Kit(parser().parse_args(arguments))
    kit.prepare()
    try:
        if not kit.arguments.no_checks:
            kit.doctor()
            kit.check()
        if not kit.arguments.checks_only:
            kit.measure()
    except OutOfTime as reason:
        say(str(reason))
    return 0 if kit.report() else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KitError, OSError) as error:
        sys.exit(f"run: {error}")
