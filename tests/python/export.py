"""Tables that `autarky export` wrote, against xarray on the recording they came from: every value, exactly.

usage: export.py RECORDING.h5 FOLDER

FOLDER holds one .csv and one .parquet for each set of dimensions. Exits with 1 at the first difference.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
import polars
import pyarrow.parquet as pq
import xarray

recording, folder = sys.argv[1], pathlib.Path(sys.argv[2])
data = xarray.open_dataset(recording, engine="h5netcdf", decode_coords=False).load()
ensemble = "status" in data.variables
if ensemble:
    keys = [name for name in data.attrs["coordinates"].split() if name not in ("status", "failure")]
    done = data["status"].values == "done"


def expected_key(name, rows):
    """What tells runs apart; places of baselines are ids of runs."""
    values = data[name].values[rows]
    if name == "baseline":
        ids = data["run"].values
        return np.array([ids[place] if place >= 0 else "" for place in values], dtype=object)
    return values


def same(found, wanted, what):
    """Bit for bit, missing texts being empty."""
    assert len(found) == len(wanted), (what, len(found), len(wanted))
    wanted = np.asarray(wanted)
    if wanted.dtype.kind == "f":
        found = np.asarray(found).astype(wanted.dtype)
        missing = np.isnan(wanted)
        assert (np.isnan(found) == missing).all(), what
        kind = "i8" if wanted.dtype == np.float64 else "i4"
        assert (found.view(kind) == wanted.view(kind))[~missing].all(), what
    elif wanted.dtype.kind in "iu":
        found = np.asarray(found)
        assert found.dtype == np.int64, (what, found.dtype)
        assert (found == wanted).all(), what
    else:
        found = ["" if value is None or value != value else str(value) for value in found]
        assert found == [str(value) for value in wanted], what


# The default reads doubles exactly since pandas 3.1.
exact = {} if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1) else {"float_precision": "round_trip"}
groups = {}
for name, variable in data.variables.items():
    if name != "checksums" and variable.dims and name not in data.sizes:
        groups.setdefault(variable.dims, []).append(name)
assert groups, "the recording holds nothing"
assert {path.stem for path in folder.glob("*.csv")} == {"-".join(dims) for dims in groups}
assert {path.stem for path in folder.glob("*.parquet")} == {"-".join(dims) for dims in groups}
values = 0
for dims, names in groups.items():
    path = folder / ("-".join(dims) + ".parquet")
    table = pq.read_table(path)
    # The second file is read as text: what is written is looked at, not what a reader makes of it.
    text = pd.read_csv(path.with_suffix(".csv"), dtype=str, keep_default_na=False, na_values=[])
    about = json.loads(path.with_suffix(".csv-metadata.json").read_text())
    columns = about["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == table.column_names == list(text.columns), path
    assert json.loads(table.schema.metadata[b"columns"]) == columns, path
    assert table.schema.metadata[b"title"].decode() == data.attrs["title"] == about["notes"][0]["title"]
    described = {column["name"]: column for column in columns}

    kept = data
    if ensemble and dims[0] == "run" and len(dims) > 1:
        kept = data.isel(run=np.flatnonzero(done))
    grid = np.meshgrid(*[np.arange(kept.sizes[dim]) for dim in dims], indexing="ij")
    places = [axis.ravel() for axis in grid]
    rows = len(places[0])
    assert table.num_rows == len(text) == rows, (path, table.num_rows, len(text), rows)
    assert about["tableSchema"]["primaryKey"] == list(dims)
    assert not text.duplicated(list(dims)).any(), f"{path}: the key does not tell rows apart"

    for axis, dim in enumerate(dims):
        label = kept[dim].values if dim in kept.coords else np.arange(kept.sizes[dim])
        if dim == "time":
            days = label.astype("datetime64[D]")[places[axis]]
            assert (np.array(table[dim].to_pylist(), dtype="datetime64[D]") == days).all(), path
            assert list(text[dim]) == [str(day) for day in days], path
            assert described[dim]["datatype"] == "date"
        else:
            same(table[dim].to_pylist(), label[places[axis]], (path, dim))
            assert list(text[dim]) == [str(x) for x in label[places[axis]]], (path, dim)
        if ensemble and dim == "run":
            at = np.flatnonzero(done) if len(dims) > 1 else np.arange(len(done))
            for key in keys:
                wanted = expected_key(key, at)[places[axis]]
                same(table[key].to_pylist(), wanted, (path, key))
                if wanted.dtype.kind == "f":
                    same([float(x) if x else np.nan for x in text[key]], wanted, (path, key))
                else:
                    assert list(text[key]) == [str(x) for x in wanted], (path, key)
    for name in names:
        if ensemble and name in keys:
            continue
        wanted = kept[name].values.ravel()
        found = table[name]
        if wanted.dtype.kind in "fiu":
            same(found.to_numpy(), wanted, (path, name))
            assert described[name]["schema:unitText"] == data[name].attrs["units"], (path, name)
            if wanted.dtype.kind == "f":
                same(np.array([float(x) if x else np.nan for x in text[name]]), wanted, (path, name))
            else:
                assert [int(x) for x in text[name]] == wanted.tolist(), (path, name)
        else:
            same(found.to_pylist(), wanted, (path, name))
            assert list(text[name]) == list(wanted), (path, name)
        values += len(wanted)
    # What users call: pandas and polars give the same numbers of rows and columns, pandas the same doubles from .csv.
    frame = pd.read_parquet(path)
    assert frame.shape == (rows, len(columns)) == polars.read_parquet(path).shape, path
    plain = pd.read_csv(path.with_suffix(".csv"), keep_default_na=False, na_values=[""], **exact)
    for name in names:
        if frame[name].dtype.kind == "f":
            same(plain[name].values.astype(frame[name].dtype), frame[name].values, (path, name, "pandas"))
print(f"{values} values of {sum(map(len, groups.values()))} variables in {len(groups)} tables are equal")
