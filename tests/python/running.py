"""Runs the program from Python: one scenario, a sweep, a function; and the examples. Arguments: folder of the package."""

import pathlib
import pickle
import runpy
import sys
import types

import autarky
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


class Calibrator:
    """What Black-it does with a model, where Black-it (numpy below 1.27) cannot be installed."""

    def __init__(self, loss_function, real_data, model, parameters_bounds, parameters_precision, ensemble_size, **options):
        self.real, self.model, self.members = np.asarray(real_data), model, ensemble_size
        self.low, self.high = (np.asarray(bound, dtype=float) for bound in parameters_bounds)
        self.loss, self.sampler = loss_function, options["samplers"][0]

    def calibrate(self, n_batches):
        ticks, outputs = self.real.shape
        random = np.random.default_rng(1)
        shares = np.linspace(0, 1, n_batches * self.sampler.batch_size)
        points = np.array([self.low + share * (self.high - self.low) for share in shares])
        found = [self.model(x, ticks, random.integers(2**32 - 1)) for x in np.repeat(points, self.members, axis=0)]
        found = np.reshape(found, (len(points), self.members, ticks, outputs))
        losses = np.array([self.loss.compute_loss(x, self.real) for x in found])
        order = np.argsort(losses)
        return points[order], losses[order]


class MinkowskiLoss:
    def compute_loss(self, simulated, real):
        return float(np.abs(simulated.mean(axis=0) - real).sum())


class HaltonSampler:
    def __init__(self, batch_size):
        self.batch_size = batch_size


try:
    import black_it  # noqa: F401
except ImportError:
    for name, thing in [
        ("calibrator", Calibrator),
        ("loss_functions.minkowski", MinkowskiLoss),
        ("samplers.halton", HaltonSampler),
    ]:
        module = types.ModuleType(f"black_it.{name}")
        setattr(module, thing.__name__, thing)
        for part in ["black_it", *[f"black_it.{name.split('.')[0]}"]]:
            sys.modules.setdefault(part, types.ModuleType(part))
        sys.modules[f"black_it.{name}"] = module

for example in ["sensitivity_salib.py", "calibration_black_it.py"]:
    sys.argv = [example, "small.toml", "R01"]
    runpy.run_path(str(package / example), run_name="__main__")
