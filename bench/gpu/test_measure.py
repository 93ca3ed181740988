#!/usr/bin/env python3
"""Checks which cells are recorded, and how the kit treats programs that fail. The programs are replaced by small ones."""
import contextlib
import io
import json
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import measure
from cells import OWN
from measure import Kit, OutOfTime, parser

CELL = "step/paper/32/2/fp32"
MEASURES = 'import sys\nfor line in sys.stdin: print(\'{"millis": [1, 1, 1]}\', flush=True)'
NEVER_ANSWERS = "import sys\nfor line in sys.stdin: pass"
WRITES_TEXT = "print('a warning')"
FAILS = 'print(\'{"error": "out of memory"}\')'
ENDS = "pass"


class FakeBudget:
    """Has time for a number of requests."""

    def __init__(self, requests=10**6):
        self.requests = requests

    def left(self):
        self.requests -= 1
        return 1e6 if self.requests >= 0 else 0


class MeasureTest(unittest.TestCase):

    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "commit").write_text("abc\n")
        for patch in (mock.patch.object(measure, "ROOT", self.folder),
                      mock.patch.object(measure, "torch_version", return_value="2.9.0"),
                      mock.patch("cells.skip_reason", return_value=None)):
            patch.start()
            self.addCleanup(patch.stop)

    def kit(self, *options, budget=None, **programs):
        """The kit with one cell. Each program is Python code; by default, it measures."""
        kit = Kit(parser().parse_args(["--rehearse", "--only", CELL, "--results", str(self.folder), *options]))
        kit.budget = budget or FakeBudget()
        command = [sys.executable, "-c"]
        kit.own_command = lambda cell: [*command, programs.get(OWN, MEASURES)]
        kit.torch_command = lambda way, cell: [*command, programs.get(way, MEASURES)]
        return kit

    def measured(self, kit):
        """What the log has of the cell after a call, without figures."""
        with contextlib.redirect_stdout(io.StringIO()):
            kit.measure()
        programs = kit.log.entries("cell")[CELL]["programs"]
        return {name: program.get("skipped", "measured") for name, program in programs.items()}

    def test_cell_with_all_programs_is_recorded_and_not_repeated(self):
        self.assertEqual(self.measured(self.kit("--ways=eager,graphs")), dict.fromkeys((OWN, "eager", "graphs"), "measured"))
        kit = self.kit("--ways=eager", tandem=FAILS)
        self.assertEqual(self.measured(kit)[OWN], "measured")
        self.assertEqual(kit.missing_text(), "missing: 3 checks and 0 cells; call again to continue")

    def test_cell_is_repeated_for_programs_that_it_lacks(self):
        self.measured(self.kit("--ways=eager"))
        self.assertEqual(set(self.measured(self.kit("--ways=eager,graphs"))), {OWN, "eager", "graphs"})

    def test_cell_at_the_end_of_the_time_is_not_recorded(self):
        # The start of the cell takes one request, and each program three requests and one per round.
        for requests in (1, 5, 10):
            with self.subTest(requests=requests):
                kit = self.kit("--ways=eager", "--rounds=2", budget=FakeBudget(requests))
                with self.assertRaises(OutOfTime):
                    self.measured(kit)
                self.assertEqual(kit.log.entries("cell"), {})
        self.assertEqual(self.measured(self.kit("--ways=eager", "--rounds=2", budget=FakeBudget(11)))["eager"], "measured")

    def test_cell_is_not_started_without_enough_time(self):
        kit = self.kit("--ways=eager,compile", tandem=FAILS)
        kit.budget = mock.Mock(left=lambda: 199.0)
        with self.assertRaisesRegex(OutOfTime, "199 s are left, and a cell can take 200 s"):
            self.measured(kit)

    def test_program_without_an_answer_is_recorded_as_not_measured(self):
        with mock.patch.object(measure, "ANSWER_SECONDS", 0.1):
            programs = self.measured(self.kit("--ways=eager", tandem=NEVER_ANSWERS, eager=NEVER_ANSWERS))
        self.assertEqual(programs, dict.fromkeys((OWN, "eager"), "no answer within 0.1 s"))

    def test_program_that_fails_is_recorded_with_its_reason(self):
        programs = self.measured(self.kit("--ways=eager,graphs,compile", eager=WRITES_TEXT, graphs=FAILS, compile=ENDS))
        self.assertEqual(programs, {
            OWN: "measured", "eager": "it wrote a line that is no answer: a warning", "graphs": "out of memory",
            "compile": "it ended; see worker.log"})

    def test_entries_of_another_gpu_build_or_torch_do_not_count(self):
        kit = self.kit("--ways=eager")
        self.measured(kit)
        self.assertEqual(kit.missing_cells(), [])
        for key in ("gpu", "commit", "torch"):
            with self.subTest(key):
                other = self.kit("--ways=eager")
                other.identity[key] = "other"
                self.assertEqual([cell.name for cell in other.missing_cells()], [CELL])
                self.assertEqual(other.log.others(), 1)

    def test_line_that_was_cut_off_does_not_count(self):
        kit = self.kit("--ways=eager")
        self.measured(kit)
        log = self.folder / "log.jsonl"
        log.write_text(log.read_text()[:-20])
        self.assertEqual(len(kit.missing_cells()), 1)

    def test_checks_have_the_settings_of_what_they_check(self):
        kit = self.kit()
        kit.java = lambda *arguments, libraries: [sys.executable, "-c", f"print({json.dumps(arguments)})"]
        with contextlib.redirect_stdout(io.StringIO()):
            kit.check()
        self.assertEqual({entry["result"] for entry in kit.log.entries("check").values()}, {"passed"})
        deterministic = {
            name for name in ("TorchParityTest", "TorchPrecisionTest", "TorchCheckpointResumeTest")
            if "deterministic=true" in (self.folder / f"check-{name}.log").read_text()}
        self.assertEqual(deterministic, {"TorchCheckpointResumeTest"})

    def test_wrong_options_end_with_code_2(self):
        for options in (["--ways=egaer"], ["--device=cuda"], ["--rounds=0"], ["--checks-only", "--no-checks"]):
            with self.subTest(options), contextlib.redirect_stderr(io.StringIO()) as errors:
                with self.assertRaises(SystemExit) as end:
                    parser().parse_args(options)
                self.assertEqual(end.exception.code, 2)
                self.assertIn("run: error: ", errors.getvalue())


if __name__ == "__main__":
    unittest.main()
