"""Indices and effects that `autarky sweep` computed, against SALib and numpy on the same ensemble.

usage: sensitivity.py saltelli|morris ENSEMBLE INDICES.csv EFFECTS.csv
"""

import json
import sys

import numpy as np
import xarray
from SALib.analyze import morris, sobol

kind, ensemble, indices, effects = sys.argv[1:]
data = xarray.open_dataset(ensemble, engine="h5netcdf", chunks=None)
plan = json.loads(str(data["plan"].values))

# Opened lazily: nothing but coordinates is in memory before it is asked for.
assert not data["real_imports"].variable._in_memory, "the ensemble was not opened lazily"
assert data["real_imports"].dims == ("run", "time", "region")
assert {"arm", "replicate", "seed", "status", "duty"} <= set(data.coords), data.coords

value = data["real_imports"].sel(region="R01").isel(time=slice(2, 8)).mean("time").values
base = data["baseline"].values.astype(int)
assert (data["seed"].values[base >= 0] == data["seed"].values[base[base >= 0]]).all(), "pairs share no seed"
change = np.where(base >= 0, 100 * (value / value[base] - 1), np.nan)


def rows(path):
    lines = open(path).read().splitlines()
    return [line.split(",") for line in lines[1:]]


def close(ours, theirs, within=1e-9):
    assert abs(float(ours) - theirs) <= within * max(1.0, abs(theirs)), (ours, theirs)


# Effects: mean, 95% interval and variance reduction of every arm.
arms = data["arm"].values
compared = {str(arm) for arm in arms[base >= 0]}
assert compared and sorted(row[0] for row in rows(effects)) == sorted(compared), "not every arm has an effect"
for arm, _, _, mean, low, high, pairs, reduction, region, at, reach, verdict in rows(effects):
    own = np.flatnonzero(arms == arm)
    close(mean, change[own].mean())
    assert int(pairs) == len(own) == 2
    # There is no placebo here, so the interval alone judges.
    assert (region, at, reach) == ("R01", "", ""), (region, at, reach)
    assert verdict == ("apart" if float(low) * float(high) > 0 else "interval"), (low, high, verdict)
    close((float(high) - float(low)) / 2, 12.706 * change[own].std(ddof=1) / np.sqrt(2))
    paired = (value[own] - value[base[own]]).var(ddof=1)
    if paired > 0:
        close(reduction, (value[own].var(ddof=1) + value[base[own]].var(ddof=1)) / paired, 1e-6)
    else:
        assert reduction == "", reduction

# The recipe of runs/SWEEPS.md.
policy = data.where((data.baseline >= 0) & (data.status == "done"), drop=True)
partner = data.isel(run=policy.baseline.values.astype(int))
gdp = 100 * (policy.real_gdp / partner.real_gdp.values - 1)
assert gdp.dims == ("run", "time", "region") and bool(np.isfinite(gdp).all())

# Results of the design's points: means over replicates.
arm_count = len(plan["arms"])
results = np.array([np.mean([change[r * arm_count + arm] for r in range(2)]) for arm in plan["points"]])
names = [factor["name"] for factor in plan["factors"]]
assert len(names) == 3 and [row[0] for row in rows(indices)] == names, "not every factor has indices"
bounds = [[f["levels"]["range"]["low"], f["levels"]["range"]["high"]] for f in plan["factors"]]
problem = {"num_vars": len(names), "names": names, "bounds": bounds}
if kind == "saltelli":
    found = sobol.analyze(problem, results, calc_second_order=False, seed=1)
    theirs = zip(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"])
    for (_, first, first_low, first_high, total, total_low, total_high), (s1, c1, st, ct) in zip(rows(indices), theirs):
        close(first, s1)
        close(total, st)
        # The bootstraps draw differently.
        for low, high, width in [(first_low, first_high, c1), (total_low, total_high, ct)]:
            assert abs((float(high) - float(low)) / 2 - width) <= 0.25 * width + 2e-3, (low, high, width)
else:
    points = np.array([[plan["arms"][arm]["values"][f] for f in range(len(names))] for arm in plan["points"]])
    found = morris.analyze(problem, points, results, num_levels=6, seed=1)
    theirs = zip(found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"])
    for (_, mu, star, low, high, sigma), (a, b, width, c) in zip(rows(indices), theirs):
        close(mu, a)
        close(star, b)
        close(sigma, c)
        assert abs((float(high) - float(low)) / 2 - width) <= 0.25 * width + 2e-3, (low, high, width)
print("equal")
