"""Opens a recording with every reader that users have and checks what each of them sees.

Usage: python3 open_recording.py RECORDING

Works on any recording; on the sample of `cargo run -p engine --example sample_recording` it also checks values.
Needs xarray, h5netcdf, netCDF4, h5py and the program ncdump. Exits with 1 and a message at the first failure.
"""

import re
import subprocess
import sys

import h5py
import netCDF4
import numpy
import xarray


def check(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def check_structure(dataset, engine):
    check("time" in dataset.sizes, f"{engine}: no dimension `time`")
    check(dataset["time"].dtype.kind == "M", f"{engine}: time is {dataset['time'].dtype}, not a date")
    check(not [name for name in dataset.sizes if name.startswith("phony")], f"{engine}: unnamed dimensions")
    # Money is no unit of UDUNITS, so the file must not say that it keeps the CF conventions.
    check("Conventions" not in dataset.attrs, f"{engine}: claims {dataset.attrs.get('Conventions')}")
    # Nor must a reader take a unit for a time that has passed, as xarray does with `days`.
    spans = [name for name, x in dataset.variables.items() if x.dtype.kind in "mM" and name != "time"]
    check(not spans, f"{engine}: {spans} are read as times")
    for name, variable in dataset.data_vars.items():
        check("long_name" in variable.attrs, f"{engine}: {name} has no long_name")
        # Documents are single texts without a unit.
        if variable.dtype.kind in "fiu":
            check("units" in variable.attrs, f"{engine}: {name} has no units")
        if "time" in variable.dims:
            check(variable.dims[0] == "time", f"{engine}: {name} does not begin with time")


def check_sample(dataset, engine):
    check(dict(dataset.sizes) == {"time": 120, "region": 3, "partner": 3, "decile": 10, "edge": 2, "slot": 2},
          f"{engine}: sizes are {dict(dataset.sizes)}")
    check(list(dataset["region"].values) == ["USA", "DEU", "Österreich"], f"{engine}: regions")
    check(str(dataset["time"].values[3])[:10] == "2025-04-01", f"{engine}: dates")
    check(str(dataset["time"].values[119])[:10] == "2034-12-01", f"{engine}: last date")
    check("slot" not in dataset.coords, f"{engine}: slot has coordinates")
    gdp = dataset["gdp"]
    check(gdp.dims == ("time", "region") and gdp.dtype == numpy.float64, f"{engine}: gdp")
    check(float(gdp.sel(time="2025-04-01", region="DEU").item()) == 3.25, f"{engine}: a value of gdp")
    check(bool(numpy.isnan(gdp.sel(region="Österreich")).all()), f"{engine}: missing values of gdp")
    check(gdp.attrs == {"long_name": "gross domestic product", "units": "cents per month",
                        "definition": "SNA 2008, 2.138: größer"}, f"{engine}: attributes of gdp: {gdp.attrs}")
    trade = dataset["trade"]
    check(trade.dims == ("time", "region", "partner", "decile") and trade.dtype == numpy.float32, f"{engine}: trade")
    check(float(trade.sel(region="USA", partner="DEU", decile=3)[7].item()) == 7 + 12 / 8, f"{engine}: a value of trade")
    firms = dataset["firms"]
    check(firms.dtype == numpy.int64 and int(firms[5]) == 2**63 - 6, f"{engine}: firms")
    check(dataset["weights"].dims == ("edge", "slot"), f"{engine}: weights")
    check(str(dataset["configuration"].values) == 'name = "ä"\n' * 10_000, f"{engine}: configuration")
    check(dataset.attrs["title"] == "Sample recording – größer", f"{engine}: title")
    check(int(dataset.attrs["seed"]) == 2**64 - 2, f"{engine}: seed is {dataset.attrs['seed']}")
    check(dataset.attrs["seed_text"] == str(2**64 - 2), f"{engine}: seed_text")
    check(int(dataset.attrs["offset"]) == -3 and float(dataset.attrs["scale"]) == 0.125, f"{engine}: numbers")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = sys.argv[1]
    opened = []
    for engine in ("h5netcdf", "netcdf4"):
        with xarray.open_dataset(path, engine=engine) as dataset:
            dataset.load()
            check_structure(dataset, engine)
            if dataset.attrs.get("title", "").startswith("Sample recording"):
                check_sample(dataset, engine)
            opened.append(dataset)
    check(opened[0].identical(opened[1]), "the two engines of xarray see different data")

    with netCDF4.Dataset(path) as dataset:
        check(all(not dimension.isunlimited() for dimension in dataset.dimensions.values()), "netCDF4: unlimited")
        names = set(dataset.variables)
    with h5py.File(path) as file:
        for name in names:
            scales = [[scale.name for scale in dim.values()] for dim in file[name].dims]
            check(file[name].is_scale or all(len(scale) == 1 for scale in scales), f"h5py: scales of {name}: {scales}")
        check(file["time"].is_scale, "h5py: time is not a dimension scale")

    header = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True)
    check(header.returncode == 0, f"ncdump: {header.stderr}")
    check("phony" not in header.stdout, "ncdump: unnamed dimensions")
    declared = set(re.findall(r"^\t\w+ (\w+)\(?.*;$", header.stdout, re.MULTILINE))
    check(names <= declared, f"ncdump: lacks {names - declared}")
    data = subprocess.run(["ncdump", path], capture_output=True, text=True)
    check(data.returncode == 0, f"ncdump: {data.stderr}")
    print(f"{path}: {len(names)} variables, the same to xarray (h5netcdf, netcdf4), netCDF4, h5py and ncdump")


main()
