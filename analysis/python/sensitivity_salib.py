"""Sobol indices of two parameters with SALib, which draws the parameters; Autarky runs as a function.

    python sensitivity_salib.py [SCENARIO] [REGION]
"""

import sys

import autarky
import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sample

scenario, region = sys.argv[1:3] if len(sys.argv) == 3 else ("us-uniform-10", "USA")
problem = {
    "num_vars": 2,
    "names": ["firms.demand_pull", "labour.wage_curve_slope"],
    "bounds": [[0.0, 0.2], [0.0, 1.0]],
}
model = autarky.simulator(problem["names"], ["consumer_price"], scenario=scenario, region=region, households_per_region=300)

points = sample.sample(problem, 4, calc_second_order=False, seed=1)
# The same seed everywhere: only the parameters differ.
prices = np.array([model(point, 12, seed=1)[-1, 0] for point in points])
indices = analysis.analyze(problem, prices, calc_second_order=False, seed=1)
for name, first, total in zip(problem["names"], indices["S1"], indices["ST"], strict=True):
    print(f"{name}: first {first:.2f}, total {total:.2f}")
