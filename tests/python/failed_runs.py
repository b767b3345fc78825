"""An ensemble with runs that were not done, as users of xarray see it.

usage: failed_runs.py ENSEMBLE, in which at least one run was not done and at least one pair is whole
"""

import sys

import numpy as np
import xarray

for engine in ("h5netcdf", "netcdf4"):
    data = xarray.open_dataset(sys.argv[1], engine=engine)
    done = data["status"].values == "done"
    assert 0 < done.sum() < len(done), done
    # Integers and numbers alike are missing where a run was not done, so that a mean over runs is one of those done.
    for name in ("real_gdp", "consumer_price", "digest_low"):
        values = data[name]
        assert values.dtype == np.float64, (name, values.dtype)
        assert bool(np.isnan(values.values[~done]).all()) and bool(np.isfinite(values.values[done]).all()), name
        assert np.array_equal(values.mean("run"), values[done].mean("run")), name
    # The recipe of runs/SWEEPS.md: pairs of which one was not done say nothing.
    policy = data.where((data.baseline >= 0) & (data.status == "done"), drop=True)
    partner = data.isel(run=policy.baseline.values.astype(int))
    change = 100 * (policy.real_gdp / partner.real_gdp.values - 1)
    whole = partner["status"].values == "done"
    assert 0 < whole.sum() < len(whole), whole
    assert bool(np.isfinite(change.values[whole]).all()) and bool(np.isnan(change.values[~whole]).all())
    assert float(abs(change).max()) < 50, float(abs(change).max())
print("missing where missing")
