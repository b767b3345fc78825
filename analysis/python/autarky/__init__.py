"""Recordings of Autarky in Python.

    import autarky

    run = autarky.open("us-uniform-10-1.h5")                # xarray.Dataset, lazy, with names and units
    baseline = autarky.open("us-uniform-10-1.baseline.h5")
    autarky.effects(run, baseline, region="USA")            # pandas.DataFrame
    runs = autarky.open("duties.sweep")                     # an ensemble: one more dimension, `run`
    autarky.effects(runs, region="USA", ticks=(13, 24))     # with intervals, as `autarky sweep effects`
    autarky.effects(runs, variables="sector_output", region="USA", at={"industry": "ELE"})
    autarky.indicators("us-uniform-10.h5")                  # Gini, terms of trade, real wage, ..
    autarky.plot.impulse_response(runs, variable="real_gdp", region="USA")

The program is run too (found by the variable AUTARKY, on the PATH, or in target/release):

    runs = autarky.run("us-uniform-10", seeds=4, set={"trade.rechoice_share": 0.03})
    runs = autarky.sweep("duties.toml")
    model = autarky.simulator(["firms.demand_pull"], ["consumer_price"], region="USA")  # for SALib, Black-it, ..

Dimensions are `time`, `region`, `partner`, `industry`, `decile`, `skill` and, in ensembles, `run` before all others. Every
variable has the attributes `long_name`, `units` and, where the name does not say it all, `definition`.

Figures (`autarky.plot`) need matplotlib, tables in Parquet pyarrow: the extras `plots` and `tables` of the package.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autarky.checked import DamagedFile
from autarky.effect import HEADLINES, change, effects, interval, paired, student_quantile, verdict
from autarky.indicator import indicators
from autarky.pairing import NotAPair, NotAPairWarning, differences
from autarky.program import ProgramError, Simulator, program, run, simulator, sweep
from autarky.recording import open, runs, table

if TYPE_CHECKING:
    from autarky import plot as plot

__all__ = [
    "HEADLINES",
    "DamagedFile",
    "NotAPair",
    "NotAPairWarning",
    "ProgramError",
    "Simulator",
    "change",
    "differences",
    "effects",
    "indicators",
    "interval",
    "open",
    "paired",
    "program",
    "run",
    "runs",
    "simulator",
    "student_quantile",
    "sweep",
    "table",
    "verdict",
]


def __getattr__(name: str) -> Any:
    # Only who draws needs what draws.
    if name == "plot":
        return importlib.import_module("autarky.plot")
    raise AttributeError(f"module 'autarky' has no attribute {name!r}")
