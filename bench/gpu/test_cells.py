#!/usr/bin/env python3
"""Checks the pure functions of the kit."""
import unittest

from cells import NO_TORCH, Cell, all_cells, fastest, figures, gradient_errors, markdown, ratios, rehearsal_cells, runs_for
from cells import seconds_for, selected, skip_reason, with_ratios


class CellsTest(unittest.TestCase):

    def test_all_cells_are_the_whole_grid_once(self):
        cells = all_cells()
        self.assertEqual(len(set(cells)), 2 * 2 * 4 * 3)
        self.assertEqual(len(cells), len(set(cells)))
        self.assertEqual(cells[0].name, "step/paper/256/2/tf32")

    def test_selected_leaves_out_done_and_other_cells(self):
        done = {"step/paper/32/2/fp32": dict(programs=dict(tandem={}, eager={}))}
        remaining = selected(rehearsal_cells(), ["step/"], done, ["eager"])
        self.assertEqual([cell.name for cell in remaining], ["step/seed/64/2/fp32"])

    def test_selected_repeats_a_cell_that_lacks_a_program(self):
        done = {"step/paper/32/2/fp32": dict(programs=dict(tandem={}, eager={}))}
        remaining = selected(rehearsal_cells(), ["step/paper"], done, ["eager", "graphs"])
        self.assertEqual([cell.name for cell in remaining], ["step/paper/32/2/fp32"])

    def test_seconds_for_a_cell_are_more_with_compile(self):
        self.assertEqual(seconds_for(["eager", "graphs"]), 60)
        self.assertEqual(seconds_for(["eager", "compile"]), 200)

    def test_gradient_errors_are_a_range_for_each_precision(self):
        log = "x\nprecision | paper | fp32 | gradient of generator. | 2.0e-06\nprecision | paper | tf32 | gradient of generator. | 3.0e-03\n" \
              "precision | paper | tf32 | gradient of d_vae. | 1.0e-03\n"
        self.assertEqual(gradient_errors(log), {"fp32": [2e-6, 2e-6], "tf32": [1e-3, 3e-3]})

    def test_skip_reason_names_what_is_missing(self):
        self.assertIsNone(skip_reason("eager", False, "1.13.0"))
        self.assertEqual(skip_reason("eager", False, NO_TORCH), "this Python has no torch")
        self.assertEqual(skip_reason("graphs", False, "2.9.0"), "it needs a GPU")
        self.assertEqual(skip_reason("compile", True, "1.13.0"), "torch 1.13.0 has no torch.compile")
        self.assertIsNone(skip_reason("compile", True, "2.9.0+cu130"))

    def test_runs_for_fill_the_seconds_within_limits(self):
        self.assertEqual(runs_for(10, 1), 100)
        self.assertEqual(runs_for(5000, 1), 3)
        self.assertEqual(runs_for(0.1, 1), 200)

    def test_figures_are_medians_of_rounds(self):
        self.assertEqual(figures([[1, 2, 9], [4, 4, 4], [3, 3, 3]]), dict(
            medianMillis=3, minMillis=2, maxMillis=4, roundMillis=[2, 4, 3], runs=9))

    def test_ratios_compare_the_programs_of_each_round(self):
        own, other = figures([[1], [2], [4]]), figures([[3], [4], [4]])
        self.assertEqual(ratios(own, other), dict(median=2, min=1, max=3))

    def test_markdown_has_ratios_memory_and_reasons(self):
        programs = with_ratios(dict(
            eager=dict(figures([[5], [5]]), gpuMiB=120), graphs=figures([[3], [3]]),
            compile=dict(skipped="no answer within 60 s"), tandem=dict(figures([[2], [2]]), gpuMiB=100),
            **{"tandem-graphs": dict(figures([[1], [1]]), gpuMiB=110)}))
        self.assertEqual(fastest(programs), "graphs")
        text = markdown(dict(machine={"GPU": "X"}, checks=[
            dict(name="goldens", result="passed", gradientErrors={"tf32": [1e-3, 3e-3]})], cells=[
            dict(cell=Cell("step", "paper", 256, 2, "tf32").name, programs=programs)]))
        self.assertIn(
            "| step/paper/256/2/tf32 | 2.00 | 1.00 | 5.00 | 3.00 |  |  | **2.50** (2.50 to 2.50; eager)"
            " | **1.50** (1.50 to 1.50; graphs) | **5.00** (5.00 to 5.00; eager) | **3.00** (3.00 to 3.00; graphs)"
            " | 100 / 110 / 120 |", text)
        self.assertIn("| tf32 | 1.0e-03 to 3.0e-03 |", text)
        self.assertIn("- step/paper/256/2/tf32, compile: no answer within 60 s", text)

    def test_markdown_of_a_failed_own_program_has_no_ratios(self):
        programs = with_ratios(dict(tandem=dict(skipped="out of memory"), eager=figures([[5]])))
        self.assertIn("| step |  |  | 5.00 |", markdown(
            dict(machine={}, checks=[], cells=[dict(cell="step", programs=programs)])))


if __name__ == "__main__":
    unittest.main()
