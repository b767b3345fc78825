"""Calibration of a parameter with Black-it to a series that the model itself has made, so that the answer is known.

    pip install black-it        (Python 3.11 or 3.12; it asks for numpy below 1.27: an environment of its own, with this package)
    python calibration_black_it.py [SCENARIO] [REGION]
"""

import sys

import autarky
from black_it.calibrator import Calibrator
from black_it.loss_functions.minkowski import MinkowskiLoss
from black_it.samplers.halton import HaltonSampler

TICKS = 12
TRUE = 0.1

if __name__ == "__main__":
    scenario, region = sys.argv[1:3] if len(sys.argv) == 3 else ("baseline", "USA")
    model = autarky.simulator(["firms.demand_pull"], ["consumer_price"], scenario=scenario, region=region, households_per_region=300)
    calibrator = Calibrator(
        loss_function=MinkowskiLoss(),
        real_data=model([TRUE], TICKS, seed=1),
        model=model,
        parameters_bounds=[[0.0], [0.5]],
        parameters_precision=[0.01],
        ensemble_size=1,
        samplers=[HaltonSampler(batch_size=4)],
        random_state=1,
        n_jobs=1,
    )
    points, losses = calibrator.calibrate(2)
    print(f"true {TRUE}, found {float(points[0][0]):.2f} with a loss of {float(losses[0]):.4g}")
