"""The package `autarky` in an environment that holds nothing else: it opens files and compares them, and says what figures and
Parquet need.

usage: alone.py RUN.h5 DUTIES.sweep TABLE.csv TABLE.parquet
"""

import importlib.util
import pathlib
import sys

import autarky

run, sweep, csv, parquet = sys.argv[1:]
assert pathlib.Path(autarky.__file__).is_relative_to(sys.prefix), autarky.__file__
for name in ("matplotlib", "pyarrow"):
    assert importlib.util.find_spec(name) is None, f"{name} is here too, so nothing is tried"
data = autarky.open(run)
baseline = autarky.open(run.replace(".h5", ".baseline.h5"))
assert data["real_gdp"].dims == ("time", "region") and float(data["consumer_price"][0, 0]) > 0.5
assert len(autarky.effects(data, baseline, region="R01")) > 0
assert len(autarky.effects(autarky.open(sweep), region="R01")) > 0
assert set(autarky.runs(sweep)["status"]) == {"done"}
assert autarky.table(csv)["time"].dtype.kind == "M"
for what, extra in ((lambda: autarky.plot, "autarky[plots]"), (lambda: autarky.table(parquet), "autarky[tables]")):
    try:
        what()
    except ImportError as error:
        assert extra in str(error), error
    else:
        raise AssertionError(f"{extra} is not needed")
print("alone")
