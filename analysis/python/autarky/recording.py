"""Opening recordings and ensembles."""

from __future__ import annotations

import json
import os
import pathlib
import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from autarky.checked import CHECKSUMS, CheckedBackend, DamagedFile

RUN = "run"
FILL = np.int64(-(2**63))
"""What integers of runs that were not done are."""


def _file(path: str | os.PathLike[str]) -> pathlib.Path:
    path = pathlib.Path(path)
    return path / "ensemble.h5" if path.is_dir() else path


def _raw(path: str | os.PathLike[str], engine: str) -> xr.Dataset:
    """The file with dates and coordinates, but integers as they are; checked."""
    data = xr.open_dataset(_file(path), engine=CheckedBackend, inner=engine)
    return data.drop_vars(CHECKSUMS, errors="ignore")


def is_ensemble(data: xr.Dataset) -> bool:
    """Whether a dataset holds many runs."""
    return RUN in data.dims and "status" in data.variables


def open(
    path: str | os.PathLike[str],
    runs: Literal["done", "all"] = "done",
    engine: str = "h5netcdf",
) -> xr.Dataset:
    """Opens a recording, or an ensemble (the file, or the folder of a sweep). Values are read when they are used.

    An ensemble has the dimension `run`, labelled by the ids of the runs, with the coordinates `arm`, `replicate`, `seed`,
    `status`, `failure`, every factor, and `baseline`: the id of the run of the same seed each is compared with, "" if there
    is none. Runs that failed or are missing have no values:

    - `runs="done"` leaves them out, with a warning that says how many. Integers stay exact 64-bit integers.
    - `runs="all"` keeps them, their values being NaN; integer variables are then read as doubles (exact below 2**53).

    Whatever is read is compared with the checksums in the file: attributes and labels now, variables when they are first used.

    Raises `OSError` if there is no such file or it cannot be read, `DamagedFile`, one of these, now or when values are read, if
    it is not what was written.
    """
    if runs not in ("done", "all"):
        raise ValueError(f'runs is "done" or "all", not {runs!r}')
    data = _raw(path, engine)
    if not is_ensemble(data):
        return data
    ids = data[RUN].values
    places = data["baseline"].values
    if data["baseline"].dims != (RUN,) or places.dtype.kind != "i" or not ((places >= -1) & (places < len(ids))).all():
        raise DamagedFile(f"{_file(path)} is damaged: `baseline` is not a place among its {len(ids)} runs")
    names = np.array([ids[place] if place >= 0 else "" for place in places], dtype=object)
    about = {"long_name": "id of the run with the same seed it is compared with; empty if there is none"}
    data = data.assign_coords(baseline=(RUN, names, about))
    done = data["status"].values == "done"
    integers = [name for name, x in data.data_vars.items() if x.dtype.kind == "i" and RUN in x.dims]
    masked = runs == "all" and not done.all()
    for name in integers:
        # Only where there is something to mask: a fill value makes doubles of integers.
        data[name].attrs.pop("_FillValue", None)
        if masked:
            data[name].attrs["_FillValue"] = FILL
    if masked:
        data = xr.decode_cf(data, decode_times=False, decode_coords=False)
    elif not done.all():
        left_out = (
            f"{(~done).sum()} of {done.size} runs of {path} were not done and are left out; autarky.runs says why"
        )
        warnings.warn(left_out, stacklevel=2)
        data = data.isel({RUN: np.flatnonzero(done)})
    return data


def runs(path: str | os.PathLike[str], engine: str = "h5netcdf") -> pd.DataFrame:
    """All runs of an ensemble, whether they were done or not: one row each, by id, with `arm`, `replicate`, `seed`,
    `baseline`, `status` (done, failed, missing), `failure` (why), and the factors.

    Raises `ValueError` if the file holds one run.
    """
    data = open(path, runs="all", engine=engine)
    if not is_ensemble(data):
        raise ValueError(f"{path} holds one run, not an ensemble")
    columns = [str(name) for name, x in data.coords.items() if x.dims == (RUN,) and name != RUN]
    frame = pd.DataFrame({name: data[name].values for name in columns}, index=pd.Index(data[RUN].values, name=RUN))
    data.close()
    return frame


def table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A table that `autarky export` wrote (.csv with either decimal sign, .parquet), with dates as such, doubles exact, and the unit of every column
    in `frame.attrs["units"]`.

    Raises `OSError` if it cannot be read, `ImportError` for Parquet without pyarrow.
    """
    path = pathlib.Path(path)
    if path.suffix == ".parquet":
        try:
            import pyarrow.parquet
        except ImportError as error:
            raise ImportError("tables in Parquet need pyarrow: install autarky[tables], or pyarrow itself") from error

        found = pyarrow.parquet.read_table(path)
        frame: pd.DataFrame = found.to_pandas()
        columns = json.loads(found.schema.metadata[b"columns"])
    else:
        about = json.loads(path.with_name(path.name + "-metadata.json").read_text(encoding="utf-8"))
        columns = about["tableSchema"]["columns"]
        separator = about.get("dialect", {}).get("delimiter", ",")
        decimal = "," if separator == ";" else "."
        texts = {column["name"]: str for column in columns if column["datatype"] == "string"}
        # The default reads doubles exactly since pandas 3.1, where the option is deprecated.
        modern = tuple(int(part) for part in pd.__version__.split(".")[:2]) >= (3, 1)
        exact: Any = {} if modern else {"float_precision": "round_trip"}
        frame = pd.read_csv(
            path, sep=separator, decimal=decimal, dtype=texts, keep_default_na=False, na_values=[""], **exact
        )
    if "time" in frame:
        frame["time"] = pd.to_datetime(frame["time"])
    frame.attrs["units"] = {c["name"]: c["schema:unitText"] for c in columns if "schema:unitText" in c}
    return frame
