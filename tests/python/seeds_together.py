"""Recordings of several seeds, opened together by xarray as its documentation has it, against each by itself.

usage: seeds_together.py RECORDING.h5 RECORDING.h5 ..
"""

import sys

import numpy as np
import xarray

files = sys.argv[1:]
alone = [xarray.open_dataset(file).load() for file in files]
seeds = [int(one["seed"]) for one in alone]
assert seeds == [int(one.attrs["seed_text"]) for one in alone]
for one in alone:
    assert "seed" in one.coords and one["seed"].dims == () and one["seed"].dtype == np.int64, one["seed"]
joined = {
    "nested": xarray.open_mfdataset(files, combine="nested", concat_dim="seed"),
    "concat": xarray.concat(alone, dim="seed", combine_attrs="override", data_vars="all"),
    # Without a dimension of one xarray has nothing to order the files by.
    "by_coords": xarray.open_mfdataset(files, combine="by_coords", preprocess=lambda one: one.expand_dims("seed")),
}
for how, data in joined.items():
    assert data.sizes["seed"] == len(files) and data["seed"].dtype == np.int64, how
    assert set(data["seed"].values) == set(seeds), (how, data["seed"].values)
    for seed, one in zip(seeds, alone):
        part = data.sel(seed=seed)
        assert int(part["seed"]) == seed
        for name in one.data_vars:
            assert np.array_equal(part[name].values, one[name].values, equal_nan=one[name].dtype.kind == "f"), (how, name)
print(f"{len(files)} recordings open together")
