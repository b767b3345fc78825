"""Drives the program with the real Black-it: the example, two processes, checkpoints. Arguments: folder of the package."""

import inspect
import pathlib
import runpy
import sys

import autarky
import black_it_stub as stub
import numpy as np
from black_it.calibrator import Calibrator
from black_it.loss_functions.minkowski import MinkowskiLoss
from black_it.samplers.halton import HaltonSampler

# The stub that other tests use is called as the real one is.
for real, ours, methods in [
    (Calibrator, stub.Calibrator, ["__init__", "calibrate"]),
    (MinkowskiLoss, stub.MinkowskiLoss, ["__init__", "compute_loss"]),
    (HaltonSampler, stub.HaltonSampler, ["__init__"]),
]:
    for method in methods:
        found = [
            [(x.name, x.default) for x in inspect.signature(getattr(kind, method)).parameters.values()]
            for kind in (real, ours)
        ]
        assert found[0] == found[1], (real, method, found)

package = pathlib.Path(sys.argv[1])
example = "calibration_black_it.py"
sys.argv = [example, "small.toml", "R01"]
runpy.run_path(str(package / example), run_name="__main__")

# Two parameters, two outputs, two members, two processes; and what was saved is gone on with.
model = autarky.simulator(
    ["firms.demand_pull", "trade.rechoice_share"],
    ["consumer_price", "unemployment_rate"],
    scenario="small.toml",
    region="R01",
    households_per_region=300,
)
calibrator = Calibrator(
    loss_function=MinkowskiLoss(),
    real_data=model([0.1, 0.03], 3, seed=1),
    model=model,
    parameters_bounds=[[0.0, 0.01], [0.5, 0.05]],
    parameters_precision=[0.01, 0.001],
    ensemble_size=2,
    samplers=[HaltonSampler(batch_size=2)],
    saving_folder="calibration",
    random_state=1,
    n_jobs=2,
)
points, losses = calibrator.calibrate(1)
assert points.shape == (2, 2) and np.isfinite(losses).all() and losses[0] <= losses[1]
assert calibrator.series_samp.shape == (2, 2, 3, 2)
again = Calibrator.restore_from_checkpoint("calibration", model)
points, losses = again.calibrate(1)
assert points.shape == (4, 2) and np.isfinite(losses).all()
print("calibrated")
