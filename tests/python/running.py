"""Runs the program from Python: one scenario, a sweep, a function; and the examples. Arguments: folder of the package."""

import pathlib
import pickle
import runpy
import sys

import autarky
import black_it_stub
import numpy as np

package = pathlib.Path(sys.argv[1])
small = {"households_per_region": 300}

# One pair, kept and not kept; several.
kept = autarky.run("small.toml", seeds=1, out="kept.h5")
loose = autarky.run("small.toml", seeds=1, set={"trade.rechoice_share": 0.03, "location.enabled": False})
assert pathlib.Path("kept.baseline.h5").exists() and kept.sizes["time"] == 6
assert not np.array_equal(kept["imports_bilateral"].values, loose["imports_bilateral"].values)
runs = autarky.run("small.toml", seeds=2, ticks=4)
assert runs.sizes["time"] == 4 and (runs["baseline"].values != "").sum() >= 2
assert len(autarky.effects(runs, region="R01")) > 0

# A sweep, done and opened again.
first = autarky.sweep("duties.toml", jobs=2)
again = autarky.sweep("duties.sweep")
assert first.sizes["run"] == again.sizes["run"] == 9, first.sizes

# What is wrong is said as the program says it.
try:
    autarky.run("small.toml", seeds=1, set={"trade.rechoice_shar": 0.03})
    raise AssertionError("an unknown parameter passes")
except autarky.ProgramError as error:
    assert error.code == 3 and "rechoice_share" in str(error), error

# A function of parameters.
sector = ("sector_output", {"region": "R02", "industry": str(kept["industry"].values[1])})
model = autarky.simulator(
    ["firms.demand_pull", "trade.rechoice_share"], ["consumer_price", sector], scenario="small.toml", region="R01", **small
)
model = pickle.loads(pickle.dumps(model))
series = model([0.1, 0.03], 5, seed=2**32 - 1)
assert series.shape == (5, 2) and np.isfinite(series).all()
assert np.array_equal(series, model(np.array([0.1, 0.03]), 5, 2**32 - 1)), "the same seed, the same series"
assert not np.array_equal(series, model([0.2, 0.03], 5, 2**32 - 1))
for wrong in (["nosuch"], ["sector_output"]):
    try:
        autarky.simulator(["firms.demand_pull"], wrong, scenario="small.toml", region="R01", **small)([0.1], 3)
        raise AssertionError(f"{wrong} passes")
    except (KeyError, ValueError) as error:
        assert wrong[0] in str(error)

try:
    import black_it  # noqa: F401
except ImportError:
    black_it_stub.put_in_place()

for example in ["sensitivity_salib.py", "calibration_black_it.py"]:
    sys.argv = [example, "small.toml", "R01"]
    runpy.run_path(str(package / example), run_name="__main__")
