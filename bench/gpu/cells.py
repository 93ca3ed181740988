"""The cells of the measurement, their order, and the figures of a finished cell. Pure functions, for tests."""
import re
import statistics
from dataclasses import dataclass

SHAPES = ((128, 8), (256, 2), (256, 16), (512, 4))
PRESETS = ("paper", "seed")
PRECISIONS = ("tf32", "bf16", "fp32")
WIDTH = 64
OWN = "tandem"
# The same with CUDA graphs.
OWN_GRAPHS = "tandem-graphs"
WAYS = ("eager", "graphs", "graphs-nhwc", "compile")
REFERENCE = "eager"
NO_TORCH = "none"


@dataclass(frozen=True)
class Cell:
    """One row of the table: a step or translations, measured in Tandem and in PyTorch."""

    what: str
    preset: str
    size: int
    batch: int
    precision: str
    width: int = WIDTH

    @property
    def name(self):
        return f"{self.what}/{self.preset}/{self.size}/{self.batch}/{self.precision}"


def all_cells():
    """All cells; the most important ones first, because time on a GPU can end at any cell."""
    first = [
        Cell("step", "paper", 256, 2, "tf32"),
        Cell("step", "paper", 256, 16, "bf16"),
        Cell("step", "seed", 128, 8, "tf32"),
        Cell("generate", "paper", 256, 16, "bf16"),
        Cell("step", "paper", 128, 8, "tf32"),
        Cell("step", "paper", 512, 4, "bf16"),
        Cell("step", "seed", 128, 8, "bf16"),
        Cell("generate", "paper", 256, 2, "tf32"),
    ]
    rest = [
        Cell(what, preset, size, batch, precision)
        for precision in PRECISIONS for what in ("step", "generate") for preset in PRESETS for size, batch in SHAPES]
    return first + [cell for cell in rest if cell not in first]


def rehearsal_cells():
    """Tiny models on the CPU. The discriminators of `seed` need 64 pixels."""
    return [
        Cell(what, preset, size, 2, "fp32", 4)
        for preset, size in (("paper", 32), ("seed", 64)) for what in ("step", "generate")]


def selected(cells, only, done, ways):
    """The cells that remain: those whose name contains one of the texts `only` (if any), without the done ones.

    done: log entries by name; one with fewer than these ways is not done, because all programs are measured in turns
    """
    def is_done(cell):
        return cell.name in done and set(ways) <= set(done[cell.name]["programs"])

    return [c for c in cells if not is_done(c) and (not only or any(text in c.name for text in only))]


def seconds_for(ways):
    """How long a cell can take. A cell is not started with less."""
    return 200 if "compile" in ways else 60


def gradient_errors(log):
    """By precision: the smallest and the largest error of a gradient in the output of TorchPrecisionTest."""
    found = {}
    for precision, error in re.findall(r"precision \| \w+ \| (\w+) \| gradient of [^|]*\| (\S+)", log):
        found.setdefault(precision, []).append(float(error))
    return {precision: [min(errors), max(errors)] for precision, errors in found.items()}


def skip_reason(way, on_gpu, torch_version):
    """Why a way to run PyTorch is not measured, or None."""
    if torch_version == NO_TORCH:
        return "this Python has no torch"
    if way == REFERENCE:
        return None
    if not on_gpu:
        return "it needs a GPU"
    if way == "compile" and int(torch_version.split(".")[0]) < 2:
        return f"torch {torch_version} has no torch.compile"
    return None


def runs_for(millis, seconds, least=3, most=200):
    """The number of runs that take about `seconds`."""
    return max(least, min(most, round(seconds * 1000 / max(millis, 1e-3))))


def figures(rounds):
    """Summarises one program.

    rounds: the milliseconds of each run, one list per round
    """
    medians = [statistics.median(millis) for millis in rounds]
    return dict(medianMillis=statistics.median(medians), minMillis=min(medians), maxMillis=max(medians),
                roundMillis=medians, runs=sum(len(millis) for millis in rounds))


def ratios(own, other):
    """How many times as fast as another program Tandem is: median, minimum and maximum over the rounds."""
    each = [theirs / mine for mine, theirs in zip(own["roundMillis"], other["roundMillis"])]
    return dict(median=statistics.median(each), min=min(each), max=max(each))


def with_ratios(programs):
    """Adds to each measured PyTorch program how many times as fast Tandem is, without and with CUDA graphs."""
    own = {key: programs[name] for name, key in ((OWN, "ratio"), (OWN_GRAPHS, "graphsRatio"))
           if "roundMillis" in programs.get(name, {})}
    return {
        name: dict(program, **{key: ratios(mine, program) for key, mine in own.items()})
        if name in WAYS and "roundMillis" in program else program
        for name, program in programs.items()}


def fastest(programs):
    """The name of the fastest PyTorch program, or None."""
    measured = {n: p["medianMillis"] for n, p in programs.items() if n in WAYS and "medianMillis" in p}
    return min(measured, key=measured.get) if measured else None


def markdown(results):
    """The results file: machine, checks, table, and what was not measured and why."""
    lines = ["| | |", "|---|---|"]
    lines += [f"| {key} | {value} |" for key, value in results["machine"].items()]
    lines += ["", "| check | result |", "|---|---|"]
    lines += [f"| {check['name']} | {check['result']} |" for check in results["checks"]]
    errors = {precision: bounds for check in results["checks"] for precision, bounds in check["gradientErrors"].items()}
    lines += ["", "| precision | error of the gradient of a network |", "|---|---|"] if errors else []
    lines += [f"| {precision} | {least:.1e} to {most:.1e} |" for precision, (least, most) in errors.items()]
    lines += [
        "", "Milliseconds are medians of the rounds' medians. A ratio is PyTorch's time divided by Tandem's, with minimum and"
        " maximum over the rounds; above 1, Tandem is faster. Memory is what the GPU holds for the process, in MiB.",
        "", "| cell | Tandem, ms | Tandem with CUDA graphs, ms | " + " | ".join(f"{way}, ms" for way in WAYS)
        + f" | ratio to {REFERENCE} | ratio to the fastest | with CUDA graphs, ratio to {REFERENCE}"
        f" | ratio to the fastest | MiB, Tandem / with CUDA graphs / {REFERENCE} |",
        "|---|---|---|" + "---|" * (len(WAYS) + 5)]
    lines += [row(cell["cell"], cell["programs"]) for cell in results["cells"]]
    missing = [
        f"- {cell['cell']}, {name}: {program['skipped']}" for cell in results["cells"]
        for name, program in cell["programs"].items() if "skipped" in program]
    return "\n".join(lines + (["", "Not measured:", "", *missing] if missing else [])) + "\n"


def row(name, programs):
    fast = fastest(programs)
    memory = [programs.get(program, {}).get("gpuMiB") for program in (OWN, OWN_GRAPHS, REFERENCE)]
    return " | ".join([
        "| " + name, *(millis(programs, program) for program in (OWN, OWN_GRAPHS, *WAYS)),
        *(text for key in ("ratio", "graphsRatio") for text in (ratio(programs, REFERENCE, key), ratio(programs, fast, key))),
        " / ".join("?" if m is None else str(m) for m in memory)
    ]) + " |"


def millis(programs, name):
    measured = programs.get(name, {}).get("medianMillis")
    return "" if measured is None else f"{measured:.2f}"


def ratio(programs, name, key):
    found = programs.get(name, {}).get(key)
    return f"**{found['median']:.2f}** ({found['min']:.2f} to {found['max']:.2f}; {name})" if found else ""
