# %% [markdown]
# # A duty, in Python
#
# Runs as a notebook (cells) or as a script:
#
#     autarky run us-uniform-10 --out us.h5
#     autarky sweep run duties.toml
#     python example.py us.h5 duties.sweep FIGURES
#
# The first writes a run and its baseline, `us.baseline.h5`; the second an ensemble.

# %%
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")  # Leave this out in a notebook.
import autarky

run_file, sweep, figures = map(pathlib.Path, sys.argv[1:4])
figures.mkdir(exist_ok=True)

# %% [markdown]
# ## A run and its baseline
# Datasets are opened lazily; every variable has a name and a unit.

# %%
run = autarky.open(run_file)
baseline = autarky.open(run_file.with_suffix(".baseline.h5"))
region = run.attrs["focus_region"]
print(run.attrs["title"], dict(run.sizes))
print(run["real_gdp"].attrs["long_name"], "in", run["real_gdp"].attrs["units"])

# %% The change in the last year: one seed, so no interval.
print(autarky.effects(run, baseline, region=region).to_string(index=False))

# %% Any selection is xarray's: the products whose consumer prices rise most, percent.
change = autarky.change(run, baseline, variable="consumer_price_product").sel(region=region)
print(change.isel(run=0, time=-1).to_series().nlargest(3).round(2))

# %% [markdown]
# ## An ensemble
# The same world and policy under many seeds. Differences are taken within seeds.

# %%
runs = autarky.open(sweep)
print(runs.sizes["run"], "runs done of", len(autarky.runs(sweep)))
effects = autarky.effects(runs, region=region)
print(effects.round(3).to_string(index=False))

# %% [markdown]
# ## Figures

# %%
with autarky.plot.style():
    drawn = {
        "response": autarky.plot.impulse_response(runs, variable="real_gdp", region=region),
        "fan": autarky.plot.fan_chart(runs, variable="real_imports", region=region),
        "run": autarky.plot.impulse_response(run, baseline, variable="consumer_price"),
        "partners": autarky.plot.bilateral_trade(run, baseline),
        "deciles": autarky.plot.decile_incidence(run, baseline),
        "industries": autarky.plot.heat_map(run, baseline),
    }
    for name, axes in drawn.items():
        for kind in ("png", "pdf"):
            axes.figure.savefig(figures / f"{name}.{kind}")
