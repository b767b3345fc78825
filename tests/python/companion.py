"""The Python package `autarky` on real recordings, against numpy, xarray and the program.

usage: companion.py RUN.h5 SWEEP EFFECTS.csv FOLDER

RUN.h5 has its baseline beside it. SWEEP is an ensemble of arms with baselines of which one failed; EFFECTS.csv is what
`autarky sweep effects SWEEP --region R01 --ticks 3-6` said. FOLDER is for scratch and holds few.csv and few.parquet, the
prices, output and seeds of SWEEP as `autarky export` wrote them.
"""

import pathlib
import sys
import warnings

import matplotlib

matplotlib.use("Agg")
import numpy as np
import pandas as pd
import xarray

import autarky

run_file, sweep, effects_file, scratch = map(pathlib.Path, sys.argv[1:])
ensemble = sweep / "ensemble.h5"
raw = xarray.open_dataset(ensemble, engine="h5netcdf", mask_and_scale=False)
done = raw["status"].values == "done"
assert 0 < done.sum() < done.size, "a part of the runs should have failed"
checks = 0


def check(condition, message):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAILED: {message}")


def fails(error, message, call):
    try:
        call()
    except error as found:
        check(message in str(found), f"{message!r} is not in {found!r}")
    else:
        check(False, f"nothing was said about {message}")


def opened(path, **options):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        return autarky.open(path, **options), [str(warning.message) for warning in said]


# Runs that were not done are left out, with a word about them; integers stay integers, and nothing is read yet.
runs, said = opened(sweep)
check(len(said) == 1 and f"{(~done).sum()} of {done.size} runs" in said[0], said)
check(runs.sizes["run"] == done.sum() and list(runs["run"].values) == list(raw["run"].values[done]), "runs")
check(not runs["real_gdp"].variable._in_memory, "opened lazily")
check(
    runs["real_gdp"].dtype == np.int64 and (runs["real_gdp"].values == raw["real_gdp"].values[done]).all(), "integers"
)
check({"arm", "replicate", "seed", "status", "baseline", "duty"} <= set(runs.coords), runs.coords)
# With all runs, those that were not done are missing and no mean is poisoned.
whole, said = opened(ensemble, runs="all")
check(said == [] and whole.sizes["run"] == done.size, said)
check(bool((whole["real_gdp"].isnull().all(("time", "region")).values == ~done).all()), "missing integers")
means = [x["real_gdp"].mean().item() for x in (whole, runs)]
check(abs(means[0] / means[1] - 1) < 1e-12 and means[0] > 0, means)
# The program says what stands for missing integers.
check(raw["real_gdp"].attrs["_FillValue"] == -(2**63), raw["real_gdp"].attrs)
# Every run, and what became of it.
table = autarky.runs(sweep)
check(len(table) == done.size and list(table["status"] == "done") == list(done), table)
check(bool((table.loc[table["status"] == "failed", "failure"] != "").all()), "failures are explained")
base = raw["baseline"].values
check(list(table["baseline"]) == [raw["run"].values[x] if x >= 0 else "" for x in base], "baselines by id")

# Effects are those of the program.
theirs = pd.read_csv(effects_file)
theirs = theirs[theirs["pairs"] > 0].reset_index(drop=True)
ours = autarky.effects(runs, region="R01", ticks=(3, 6))
check(len(ours) == len(theirs) == 2 * len(autarky.HEADLINES), (len(ours), len(theirs)))
for name in ("arm", "variable", "unit", "pairs"):
    check(list(ours[name]) == list(theirs[name]), (name, ours, theirs))
check(set(ours["pairs"]) == {3}, ours)
for name in ("change", "low", "high", "variance_reduction"):
    a, b = ours[name].values, theirs[name].values.astype(float)
    # The program leaves out what is infinite.
    a = np.where(np.isfinite(a), a, np.nan)
    check(np.isfinite(b).sum() >= len(b) // 2, (name, b))
    check(np.allclose(a, b, rtol=1e-9, atol=1e-11, equal_nan=True), (name, a, b))
# What is zero has no percent, there as here.
signed = pd.read_csv(scratch / "signed.csv")
signed = signed[signed["pairs"] > 0].reset_index(drop=True)
own = autarky.effects(runs, variables=["inventory_change", "exits"], region="R01", ticks=(3, 6))
check(len(own) == len(signed) == 4 and set(own.loc[own["variable"] == "exits", "unit"]) == {"1"}, (own.to_string(), signed.to_string()))
check(list(own["unit"]) == list(signed["unit"]) and np.allclose(own["change"], signed["change"], rtol=1e-9), (own.to_string(), signed.to_string()))
check(len(autarky.effects(runs)) == 2 * len(autarky.HEADLINES) * 3, "all regions")
check(ours.equals(autarky.effects(whole, region="R01", ticks="3-6")), "runs that were not done change nothing")

# Two single runs.
run, said = opened(run_file)
baseline, _ = opened(run_file.with_suffix(".baseline.h5"))
check(said == [] and not run["real_gdp"].variable._in_memory and run["real_gdp"].dtype == np.int64, "a run")
one = autarky.effects(
    run, baseline, variables=["real_imports", "unemployment_rate"], region=["R02", "R01"], ticks=(4, 6)
)
check(len(one) == 4 and set(one["pairs"]) == {1} and one[["low", "high"]].isna().all(axis=None), one)
a, b = (x["real_imports"].sel(region="R01").values[3:6].mean() for x in (run, baseline))
row = one[(one["variable"] == "real_imports") & (one["region"] == "R01")].iloc[0]
check(abs(row["change"] - 100 * (a / b - 1)) < 1e-9 and row["change"] < -0.1 and row["unit"] == "%", row)
moved = autarky.change(run, baseline, variable="unemployment_rate")
check(moved.dims == ("run", "time", "region") and moved.attrs["units"] == "points", moved.attrs)
wanted = 100 * (run["unemployment_rate"].values - baseline["unemployment_rate"].values)
check(np.allclose(moved.values[0], wanted, atol=1e-12) and np.abs(wanted).max() > 0, "points")

# What does not fit together is refused.
other = run.assign_attrs(seed=99)
fails(ValueError, "different seeds", lambda: autarky.effects(other, baseline))
fails(ValueError, "different ticks", lambda: autarky.effects(run.isel(time=slice(3)), baseline))
# Two runs that are no pair are compared only if this is forced, and say so; a pair may differ in its measures and names.
check(autarky.differences(run, baseline) == [] and "[[measure]]" in run["configuration"].item(), "a pair")
text = run["configuration"].item()
changed = text.replace("households_per_region = 300", "households_per_region = 400")
check(changed != text, "a configuration")
unlike = run.assign(configuration=((), changed))
fails(autarky.NotAPair, "size.households_per_region: 400 / 300", lambda: autarky.change(unlike, baseline, variable="real_gdp"))
renamed = run.assign(configuration=((), text.replace("title = ", "description = 'x'\ntitle = ", 1) if "description" not in text else text))
check(autarky.differences(renamed, baseline) == [], "names")
for name, value in {"calibration_digest": "0", "households": 1, "commit": "another"}.items():
    fails(ValueError, f"{name}: {value} / ", lambda: autarky.effects(run.assign_attrs({name: value}), baseline))
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    forced = autarky.effects(other, baseline, variables="real_gdp", region="R01", force=True)
    cut = autarky.change(run.isel(time=slice(3)), baseline, variable="real_gdp", force=True)
check(forced.attrs["differences"][0].startswith("seed: 99 / 3"), forced.attrs)
check(cut.sizes["time"] == 3 and "different ticks" in cut.attrs["differences"][0], cut.attrs)
check(sum(issubclass(warning.category, autarky.NotAPairWarning) for warning in said) == 2, said)
fails(ValueError, "a second one", lambda: autarky.effects(run))
fails(ValueError, "no second dataset", lambda: autarky.effects(runs, runs))
fails(ValueError, "FIRST <= LAST <= 6", lambda: autarky.effects(runs, ticks=(3, 9)))
fails(
    ValueError,
    "sales is not over decile",
    lambda: autarky.effects(run, baseline, variables="sales", at={"decile": 1}),
)
fails(KeyError, "no variable 'gdp'", lambda: autarky.effects(runs, variables="gdp"))
fails(ValueError, "holds one run", lambda: autarky.runs(run_file))
fails(OSError, "gone.h5", lambda: autarky.open("gone.h5"))

# What is read is compared with the checksums in the file: attributes and labels at once, values when they are used.
import shutil

import h5py


def damaged(source, change):
    path = scratch / "damaged.h5"
    shutil.copy(source, path)
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def one_cell(name, at):
    def change(file):
        value = file[name][at]
        file[name][at] = value + 1

    return change


for source, at in ((run_file, (1, 0)), (ensemble, (0, 1, 0))):
    found, _ = opened(damaged(source, one_cell("real_gdp", at)))
    check(np.isfinite(found["consumer_price"].values).all(), "what is sound is read")
    fails(autarky.DamagedFile, "real_gdp: it is not what was written", lambda: found["real_gdp"].values)
    fails(OSError, "real_gdp", lambda: found["real_gdp"].isel(region=[2, 0], time=slice(None, None, -1)).sum().item())
    found.close()
    for change, part in (
        (lambda file: file.attrs.__setitem__("seed", 99), "(file)"),
        (lambda file: file["time"].__setitem__(0, 5), "time"),
        (lambda file: file["real_gdp"].attrs.__setitem__("units", "percent"), "real_gdp"),
        (lambda file: file.__delitem__("real_imports"), "real_imports: it is gone"),
        (lambda file: file.__delitem__("checksums"), "checksums"),
        (lambda file: file.create_dataset("added", data=[1.0]), "added: it has no checksum"),
    ):
        fails(OSError, part, lambda: opened(damaged(source, change))[0]["real_gdp"].values)
fails(OSError, "baseline", lambda: opened(damaged(ensemble, lambda file: file["baseline"].__setitem__(0, 10**6))))

# Exported tables.
frames = [autarky.table(scratch / name) for name in ("few.csv", "few.parquet", "comma.csv")]
check(len(frames[0]) == done.sum() * 6 * 3 == len(frames[1]), len(frames[0]))
for frame in frames:
    check(frame["time"].dtype.kind == "M" and frame.attrs["units"]["consumer_price"] == "1", frame.dtypes)
    check(bool((frame["real_gdp"].values == runs["real_gdp"].values.ravel()).all()), "integers of a table")
    check(bool((frame["consumer_price"].values == runs["consumer_price"].values.ravel()).all()), "doubles of a table")

# Figures say what they show, in which unit, and are as wide as a column.
plot = autarky.plot
with plot.style():
    axes = plot.impulse_response(runs, variable="real_imports", region="R01")
    check(axes.get_ylabel().endswith("(%)") and "R01" in axes.get_ylabel(), axes.get_ylabel())
    check(len(axes.get_legend().get_texts()) == 2 and axes.figure.get_size_inches()[0] == 3.3, "two arms")
    line = axes.get_lines()[0].get_ydata()
    wanted = autarky.interval(autarky.change(runs, variable="real_imports").sel(region="R01").isel(run=[0, 2, 4]))
    check(np.allclose(line, wanted["mean"]), (line, wanted["mean"].values))
    fan = plot.fan_chart(runs, region="R01", arm="high")
    check("high, 3 pairs" in fan.get_title(loc="left"), fan.get_title(loc="left"))
    check("per month" in plot.bilateral_trade(run, baseline, region="R01").get_xlabel(), "units of trade")
    check(len(plot.decile_incidence(run, baseline).patches) == 10, "ten deciles")
    map_ = plot.heat_map(run, baseline)
    check(map_.images[0].get_array().shape == (3, 5) and map_.figure.get_size_inches()[0] == 6.9, "regions, industries")
    fails(ValueError, "name a region", lambda: plot.fan_chart(runs))
    # One colour has one meaning, and what is not told apart from chance is grey.
    from matplotlib.colors import to_hex
    check(plot.COLOURS[0] == plot.MEANINGS["policy"] and len(set(plot.MEANINGS.values())) == len(plot.MEANINGS), plot.MEANINGS)
    bars = {to_hex(bar.get_facecolor()) for bar in plot.decile_incidence(run, baseline).patches}
    check(bars == {plot.MEANINGS["unsure"]}, ("one pair", bars))
    pair = [plot._told(autarky.interval(x), None) for x in (xarray.DataArray([[1.0, 0.1], [1.1, -0.1]], dims=("run", "decile")),)]
    check(list(pair[0]) == [True, False], pair)
    moved = xarray.DataArray([[2.0, 0.1], [2.2, -0.1]], dims=("run", "decile"))
    check(list(plot._told(autarky.interval(xarray.DataArray([[1.0], [1.1]], dims=("run", "decile"))), moved.isel(decile=[0]))) == [False], "a placebo that moves more")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for draw in (plot.impulse_response, plot.bilateral_trade, plot.decile_incidence):
            head = draw(other, baseline, region="R01", force=True).figure.get_suptitle()
            check("NOT A PAIR" in head and "seed: 99 / 3" in head, head)
        check("seed: 99 / 3" in plot.heat_map(other, baseline, force=True).figure.get_suptitle(), "a map")
    single = plot.impulse_response(run, baseline, variable="real_imports", region="R01")
    check(to_hex(single.get_lines()[0].get_color()) == plot.MEANINGS["unsure"], "one pair is grey")
print(f"{checks} checks")
