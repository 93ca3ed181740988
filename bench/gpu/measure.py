#!/usr/bin/env python3
"""Checks Tandem on a GPU and measures it against PyTorch. `run` starts it with the right environment; see README.md.

Each check and each cell is one line of results/log.jsonl, appended when it is finished. A later call continues with what is
missing, so short calls can follow each other. results/results.json and results/results.md are written at the end of each
call.
"""
import argparse
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

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LIBRARIES = f"{ROOT}/lib/*"
TEST_LIBRARIES = f"{ROOT}/test-lib/*"
# Runs a command with the variables that the launcher sets for Tandem.
LAUNCHER_ENVIRONMENT = ["bash", "-c", 'eval "$(grep "^export" "$0")"; exec "$@"', str(ROOT / "tandem")]
RESERVE_SECONDS = 15
MIN_SECONDS_FOR_A_CELL = 60
WARM_UP_SECONDS = 1
ROUND_SECONDS = 1

# The only place with settings of Tandem. A key that this build does not have is left out, and a cell that needs it is
# skipped with that reason.
PRECISION_SETTING = "model.precision={}"
DETERMINISTIC_SETTING = "model.deterministic=true"
GRAPHS_SETTING = "model.cuda-graphs=auto"
# The precision of a build that has no setting for it.
DEFAULT_PRECISION = "fp32"
TEST_CLASSES = {
    "goldens of PyTorch": "dev.tandem.engine.libtorch.TorchParityTest",
    "bit-identical resume": "dev.tandem.engine.libtorch.TorchCheckpointResumeTest",
}
# What Tandem logs when it uses CUDA graphs, and when it does not although it should.
GRAPHS = "phases are replayed as CUDA graphs"
NO_GRAPHS = "CUDA graphs are not used: "


class Budget:
    """The time of this call. A command on a lent machine ends at its limit, and with it what it has not written."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return self.end - time.monotonic()


class Worker:
    """A program that measures on request; see worker.py for the protocol."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1)

    def ask(self, request, seconds):
        """Returns the answer.

        Raises WorkerError if the program fails or does not answer in time.
        """
        expired = threading.Event()

        def expire():
            expired.set()
            self.process.kill()

        timer = threading.Timer(seconds, expire)
        timer.start()
        try:
            self.process.stdin.write(f"{request}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            raise WorkerError(f"no answer within {seconds:.0f} s" if expired.is_set() else "it ended; see results/worker.log")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class WorkerError(Exception):
    pass


class Kit:
    def __init__(self, arguments):
        self.arguments = arguments
        self.results = arguments.results
        self.results.mkdir(parents=True, exist_ok=True)
        self.log_file = self.results / "log.jsonl"
        self.budget = Budget(arguments.seconds)
        self.device = "cpu" if arguments.rehearse else arguments.device
        self.on_gpu = self.device != "cpu"
        self.torch_version = torch_version()
        self.settings = {entry["key"] for entry in json.loads(self.output_of(self.tandem("settings", "--json")))["settings"]}

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

    @staticmethod
    def output_of(command):
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout

    def has(self, setting):
        return setting.split("=")[0] in self.settings

    def uses_graphs(self):
        return self.on_gpu and self.has(GRAPHS_SETTING)

    def own_command(self, cell, *more):
        settings = ["model.engine=libtorch", f"model.device={self.device}", f"model.preset={cell.preset}",
                    f"model.image-size={cell.size}", f"model.width={cell.width}"]
        precision = PRECISION_SETTING.format(cell.precision)
        settings += [precision] if self.has(precision) else []
        settings += more
        return self.java("dev.tandem.bench.MeasurementWorker", cell.what, str(cell.batch), *settings)

    def torch_command(self, way, cell):
        return [sys.executable, str(HERE / "worker.py"), cell.what, way, cell.preset, str(cell.size), str(cell.width),
                str(cell.batch), cell.precision, self.device]

    # ------------------------------------------------------------------------------------------ log

    def log(self, **entry):
        with open(self.log_file, "a") as file:
            file.write(json.dumps(dict(entry, device=self.device)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self, kind):
        """The finished checks or cells of this device. The last entry of a name counts."""
        found = {}
        if self.log_file.exists():
            for line in self.log_file.read_text().splitlines():
                try:
                    entry = json.loads(line)
                except json.JSONDecodeError:
                    # The call was killed while it wrote this line.
                    continue
                if kind in entry and entry["device"] == self.device:
                    found[entry[kind]] = entry
        return found

    # ------------------------------------------------------------------------------------------ checks

    def doctor(self):
        """Prints what the engines can use, and keeps the whole report. It ends with 1, because there is no broker."""
        command = self.tandem("doctor", "--set", "model.engine=libtorch", "--set", f"model.device={self.device}",
                              "--set", "topics.admin-timeout=1s")
        report = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        (self.results / "doctor.txt").write_text(report)
        say("\n".join(line for line in report.splitlines() if re.match(r"[A-Z]+ +(GPU|engine|device)", line)))

    def check(self):
        done = self.entries("check")
        checks = [(name, test_class, False) for name, test_class in TEST_CLASSES.items()]
        if self.uses_graphs():
            checks += [(f"{name}, with CUDA graphs", test_class, True) for name, test_class in TEST_CLASSES.items()]
        for name, test_class, graphs in checks:
            if done.get(name, {}).get("result", "").startswith("passed"):
                continue
            say(f"check: {name}")
            started = time.monotonic()
            log = self.results / f"check-{test_class.rpartition('.')[2]}{'-graphs' if graphs else ''}.log"
            try:
                code = self.run_test(test_class, graphs, log)
            except subprocess.TimeoutExpired:
                say(f"check: {name}: the time of this call is over")
                return
            text = log.read_text(errors="replace")
            eager = graphs and (NO_GRAPHS in text or GRAPHS not in text)
            reason = "" if code else "no CUDA graphs, "
            result = f"FAILED; {reason}see {log.name}" if code or eager else "passed"
            say(f"check: {name}: {result}")
            self.log(check=name, result=result, seconds=round(time.monotonic() - started, 1))

    def run_test(self, test_class, graphs, log):
        """Returns the exit code. Raises TimeoutExpired when the time of this call is over."""
        options = [f"-Dtandem.test.device={self.device}"]
        if self.has(DETERMINISTIC_SETTING):
            options.append("-Dtandem.test.deterministic=true")
        if graphs:
            options.append("-Dtandem.test.cuda-graphs=true")
        command = self.java(
            *options, "org.junit.platform.console.ConsoleLauncher", "execute", "--disable-banner", "--details=tree",
            f"--select-class={test_class}", libraries=(TEST_LIBRARIES, LIBRARIES))
        with open(log, "w") as output:
            return subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, timeout=max(self.budget.left(), 1)).returncode

    # ------------------------------------------------------------------------------------------ cells

    def measure(self):
        cells = cells_of.rehearsal_cells() if self.arguments.rehearse else cells_of.all_cells()
        for cell in cells_of.selected(cells, self.arguments.only, self.entries("cell")):
            if self.budget.left() < (0 if self.arguments.rehearse else MIN_SECONDS_FOR_A_CELL):
                say(f"the time of this call is over before {cell.name}; call again to continue")
                return
            if cell.precision != DEFAULT_PRECISION and not self.has(PRECISION_SETTING):
                say(f"{cell.name}: skipped, because this build of Tandem has no setting model.precision")
                continue
            say(cell.name)
            programs = cells_of.with_ratios(self.measure_cell(cell))
            for name, program in programs.items():
                millis = program.get("medianMillis")
                say(f"  {name}: " + (f"{millis:.2f} ms" if millis else f"skipped, because {program['skipped']}"))
            self.log(cell=cell.name, programs=programs, time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

    def measure_cell(self, cell):
        commands = {cells_of.OWN: self.own_command(cell)}
        if self.uses_graphs():
            commands[cells_of.OWN_GRAPHS] = self.own_command(cell, GRAPHS_SETTING)
        skipped = {}
        for way in self.arguments.ways.split(","):
            reason = cells_of.skip_reason(way, self.on_gpu, self.torch_version)
            if reason is None:
                commands[way] = self.torch_command(way, cell)
            else:
                skipped[way] = dict(skipped=reason)
        with open(self.results / "worker.log", "a+", errors="replace") as log:
            start = log.seek(0, os.SEEK_END)
            # Interpreters and libraries start at the same time; GPU work begins one after the other.
            workers = {name: Worker(command, log) for name, command in commands.items()}
            try:
                programs = self.measure_in_turns(workers)
            finally:
                for worker in workers.values():
                    worker.close()
            log.seek(start)
            eager = re.search(f"{NO_GRAPHS}.*", log.read())
        if eager and cells_of.OWN_GRAPHS in programs:
            programs[cells_of.OWN_GRAPHS] = dict(skipped=eager.group())
        return {**programs, **skipped}

    def measure_in_turns(self, workers):
        programs = {name: dict(rounds=[]) for name in workers}
        runs = {}
        memory = self.gpu_memory()
        for name, worker in workers.items():
            try:
                worker.ask("open", self.seconds())
                first = worker.ask(3, self.seconds())["millis"]
                warm = worker.ask(cells_of.runs_for(min(first), self.arguments.warm_up_seconds), self.seconds())["millis"]
                runs[name] = cells_of.runs_for(sorted(warm)[len(warm) // 2], self.arguments.round_seconds)
                held, memory = self.gpu_memory() - memory, self.gpu_memory()
                if self.on_gpu:
                    programs[name]["gpuMiB"] = held
            except WorkerError as error:
                programs[name] = dict(skipped=str(error))
        for _ in range(self.arguments.rounds):
            for name, worker in workers.items():
                if "rounds" in programs[name]:
                    try:
                        answer = worker.ask(runs[name], self.seconds())
                        programs[name]["rounds"].append(answer.pop("millis"))
                        programs[name].update(answer)
                    except WorkerError as error:
                        programs[name] = dict(skipped=str(error))
        return {
            name: {**cells_of.figures(program.pop("rounds")), **program} if program.get("rounds") else program
            for name, program in programs.items()}

    def seconds(self):
        return max(self.budget.left() - RESERVE_SECONDS, 5)

    def gpu_memory(self):
        """What all processes hold on the GPU, in MiB; 0 without a GPU."""
        if not self.on_gpu:
            return 0
        index = self.device.partition(":")[2] or "0"
        return int(self.output_of(
            ["nvidia-smi", "--id=" + index, "--query-gpu=memory.used", "--format=csv,noheader,nounits"]).split()[0])

    # ------------------------------------------------------------------------------------------ results

    def report(self):
        order = [cell.name for cell in cells_of.rehearsal_cells() + cells_of.all_cells()]
        cells = sorted(self.entries("cell").values(), key=lambda entry: order.index(entry["cell"]))
        checks = [dict(name=name, result=entry["result"]) for name, entry in self.entries("check").items()]
        results = dict(machine=self.machine(), checks=checks, cells=cells)
        (self.results / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        (self.results / "results.md").write_text(cells_of.markdown(results))
        say(f"results: {self.results / 'results.md'}")
        return all(check["result"].startswith("passed") for check in checks)

    def machine(self):
        gpu = "none (rehearsal)"
        if self.on_gpu:
            gpu = self.output_of(["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"])
        return {
            "GPU": gpu.strip().replace("\n", "; "),
            "CPU": f"{cpu_name()}, {os.cpu_count()} cores",
            "system": platform.platform(),
            "Tandem": (ROOT / "commit").read_text().strip(),
            "Python": f"{platform.python_version()}, torch {self.torch_version}",
        }


def torch_version():
    code = "import torch; print(torch.__version__)"
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout.strip() or cells_of.NO_TORCH


def cpu_name():
    try:
        return re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        return platform.processor()


def say(text):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--rehearse", action="store_true", help="tiny models on the CPU")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT",
                        help="only cells whose name contains TEXT, for example step/paper; can be repeated")
    parser.add_argument("--ways", default=",".join(cells_of.WAYS), help="ways to run PyTorch; default: %(default)s")
    parser.add_argument("--no-checks", action="store_true", help="only measure")
    parser.add_argument("--checks-only", action="store_true", help="measure nothing")
    parser.add_argument("--seconds", type=float, default=570, help="the time of this call")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--round-seconds", type=float, default=ROUND_SECONDS)
    parser.add_argument("--warm-up-seconds", type=float, default=WARM_UP_SECONDS)
    parser.add_argument("--results", type=Path, default=Path("results"))
    kit = Kit(parser.parse_args())
    if not kit.arguments.no_checks:
        kit.doctor()
        kit.check()
    if not kit.arguments.checks_only:
        kit.measure()
    if not kit.report():
        sys.exit(1)


if __name__ == "__main__":
    main()
