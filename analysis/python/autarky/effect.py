"""Effects of policy: runs compared with the baseline of the same seed, so that common draws cancel.

The numbers are those of `autarky sweep effects`.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from autarky.pairing import DIFFERENCES, check
from autarky.recording import RUN, is_ensemble

PLACEBO = "placebo"
"""Arm of an ensemble in which the measures are replaced by a duty of one basis point."""

ONE_SEED = "one seed: no interval; this may be luck"
"""Said where there is one pair of runs."""

HEADLINES = (
    "real_gdp",
    "consumer_price",
    "real_household_consumption",
    "real_imports",
    "real_exports",
    "unemployment_rate",
)
"""Variables that are shown where none is named."""

# 97.5% quantiles of Student's distribution to three digits, as the program has them; beyond 30 degrees of freedom
# the expansion of Fisher and Cornish (1960).
_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


def student_quantile(degrees_of_freedom: int) -> float:
    """97.5% quantile of Student's distribution, to three digits."""
    if degrees_of_freedom < 1:
        raise ValueError("an interval needs two observations")
    if degrees_of_freedom <= len(_QUANTILES):
        return _QUANTILES[degrees_of_freedom - 1]
    z, n = round(NormalDist().inv_cdf(0.975), 6), degrees_of_freedom
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)


def interval(values: xr.DataArray) -> xr.Dataset:
    """Mean over `run` with its 95% interval (Student), from the runs whose value is finite.

    Gives `mean`, `low`, `high` and `pairs` (how many runs) over the other dimensions; with one run the interval is NaN.
    """
    finite = values.where(np.isfinite(values))
    pairs = finite.notnull().sum(RUN)
    mean = finite.mean(RUN)
    deviation = finite.std(RUN, ddof=1)
    quantile = xr.apply_ufunc(
        np.vectorize(lambda n: student_quantile(n - 1) if n > 1 else np.nan, otypes=[float]), pairs
    )
    half = quantile * deviation / np.sqrt(pairs)
    found = xr.Dataset({"mean": mean, "low": mean - half, "high": mean + half, "pairs": pairs})
    for name in ("mean", "low", "high"):
        found[name].attrs.update(values.attrs)
    return found


def paired(
    policy: xr.Dataset, baseline: xr.Dataset | None = None, *, variable: str, force: bool = False
) -> tuple[xr.DataArray, xr.DataArray]:
    """A variable in runs with policy and in the baselines of the same seed: two arrays over `run` and the dimensions of the
    variable, in its units. Of an ensemble: all runs whose baseline was done too. Of two single runs: one pair, which must be the
    same in all but their measures; with `force` they are compared all the same over the ticks both have, with a warning, and
    what they differ in is in the attribute `differences` of both arrays.

    Raises `KeyError` if there is no such variable, `NotAPair`, a `ValueError`, if the two do not belong together.
    """
    if variable not in policy.variables:
        raise KeyError(f"there is no variable {variable!r}; see list(dataset.data_vars)")
    if is_ensemble(policy):
        if baseline is not None:
            raise ValueError("an ensemble has its baselines in it: give no second dataset")
        done = policy["run"].values[policy["status"].values == "done"]
        partner = policy["baseline"].to_series()
        known = set(done)
        own = [run for run in done if partner[run] in known]
        if not own:
            raise ValueError("no run in this ensemble has a baseline that was done")
        a, b = policy[variable].sel(run=own), policy[variable].sel(run=partner[own].values)
        # A pair is called as its run with the policy.
        of_runs = [name for name, x in b.coords.items() if x.dims == (RUN,)]
        return a, b.drop_vars(of_runs).assign_coords(run=a["run"])
    if baseline is None:
        raise ValueError("a single run is compared with a second one: the baseline of the same seed")
    found = check(policy, baseline, force)
    a, b = policy[variable], baseline[variable]
    if found:
        a, b = xr.align(a, b, join="inner")
        if "time" in a.dims and not a.sizes["time"]:
            raise ValueError("the two runs have no ticks in common: force=True cannot help here")
        a, b = (x.assign_attrs({DIFFERENCES: found}) for x in (a, b))
    seed = [str(policy.attrs.get("seed", ""))]
    return a.expand_dims(run=seed), b.expand_dims(run=seed)


def _scale(variable: str, units: str, *values: xr.DataArray) -> tuple[float, str]:
    """Factor and unit of the change of a variable: rates and shares change by points, what is always positive by percent,
    and all else, where percent would say nothing, in its own unit."""
    if variable.endswith(("_rate", "_share")) and variable != "exchange_rate":
        return 100.0, "points"
    if all(bool(((x > 0) | ~np.isfinite(x)).all()) for x in values):
        return 1.0, "%"
    return 1.0, units


def _changed(a: xr.DataArray, b: xr.DataArray, variable: str) -> xr.DataArray:
    factor, unit = _scale(variable, str(a.attrs.get("units", "1")), a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 100 * (a / b - 1) if unit == "%" else factor * a - factor * b
    kept = {key: a.attrs[key] for key in (DIFFERENCES,) if key in a.attrs}
    found.attrs = {"long_name": f"change of {a.attrs.get('long_name', variable)}", "units": unit, **kept}
    return found.rename(variable)


def change(
    policy: xr.Dataset, baseline: xr.Dataset | None = None, *, variable: str, force: bool = False
) -> xr.DataArray:
    """Change of a variable against the baseline of the same seed, pair by pair: percent, points of rates and shares, or in the
    unit of the variable where it is not positive everywhere; see its attribute `units`.

    Dimensions: `run` (one for two single runs), then those of the variable. Raises as `paired`.
    """
    a, b = paired(policy, baseline, variable=variable, force=force)
    return _changed(a, b, variable)


def _ticks(data: xr.Dataset, ticks: str | Sequence[int] | None) -> slice:
    count = data.sizes["time"]
    if ticks is None:
        return slice(max(0, count - int(data.attrs.get("ticks_per_year", 12))), count)
    first, last = (int(x) for x in (ticks.split("-") if isinstance(ticks, str) else ticks))
    if not 1 <= first <= last <= count:
        raise ValueError(f"ticks are (FIRST, LAST) with 1 <= FIRST <= LAST <= {count}, not {ticks}")
    return slice(first - 1, last)


def effects(
    policy: xr.Dataset,
    baseline: xr.Dataset | None = None,
    *,
    variables: Iterable[str] | str | None = None,
    region: Iterable[str] | str | None = None,
    ticks: str | Sequence[int] | None = None,
    at: Mapping[str, Hashable | Sequence[Hashable]] | None = None,
    force: bool = False,
) -> pd.DataFrame:
    """Paired effects of every arm of an ensemble, or of one run against its baseline.

    - `variables`: over time and any other dimensions [default: HEADLINES, as far as they are there];
    - `region`: one or several codes [default: all];
    - `at`: labels along other dimensions, such as `{"industry": "ELE"}` [default: all];
    - `ticks`: over which results are averaged before they are compared, (FIRST, LAST) from 1 [default: the last year];
    - `force`: compare two runs that differ in more than their measures too; `attrs["differences"]` of the table says in what.

    One row per arm, variable, region and place along other dimensions (a column each), with the columns

    - `unit`: %, points, or that of a variable that is not positive in all runs of the region;
    - `change`, `low`, `high`: mean over pairs and its 95% interval (Student; NaN for one pair);
    - `pairs`: pairs of runs that were both done;
    - `variance_reduction`: variance of unpaired over that of paired differences: how many times more runs the same interval
      would take without common draws (NaN for one pair, infinite if all differences are the same);
    - `placebo_reach`: how far the arm `placebo` is from zero, its interval included (NaN if there is none);
    - `verdict`: `apart` if the effect is told apart from chance; else why not: `one-seed` (no interval; this may be luck),
      `interval` (it includes zero), `placebo` (which moves as much), `unknown` (no number).

    Warns if there is one pair only. Raises `KeyError` for an unknown variable or region, `ValueError` for ticks out of range or datasets that do not belong
    together.
    """
    if variables is None:
        variables = [name for name in HEADLINES if name in policy.variables]
    names = [variables] if isinstance(variables, str) else list(variables)
    regions = None if region is None else [region] if isinstance(region, str) else list(region)
    if force and baseline is not None and baseline.sizes["time"] < policy.sizes["time"]:
        window = _ticks(baseline, ticks)
    else:
        window = _ticks(policy, ticks)
    apart: list[str] = []
    tables: list[pd.DataFrame] = []
    extra: list[str] = []
    for order, name in enumerate(names):
        a, b = paired(policy, baseline, variable=name, force=force)
        apart = a.attrs.get(DIFFERENCES, [])
        if "time" not in a.dims:
            raise ValueError(f"{name} is not over time, but over {', '.join(map(str, a.dims))}")
        for dimension, labels in (at or {}).items():
            a, b = (_at(x, name, dimension, labels) for x in (a, b))
        if regions is not None and "region" in a.dims:
            a, b = a.sel(region=regions), b.sel(region=regions)
        units = str(a.attrs.get("units", "1"))
        a, b = (x.isel(time=window).mean("time") for x in (a, b))
        single = str(policy.attrs.get("scenario", "policy"))
        arms = a["arm"].values if "arm" in a.coords else np.full(a.sizes[RUN], single)
        # Place by place: what is positive in one may not be in another.
        below = [str(dimension) for dimension in a.dims if dimension != RUN]
        extra += [dimension for dimension in below if dimension not in (*extra, "region")]
        for here in itertools.product(*(range(a.sizes[dimension]) for dimension in below)):
            cell = {dimension: [k] for dimension, k in zip(below, here, strict=True)}
            x, y = a.isel(cell), b.isel(cell)
            factor, unit = _scale(name, units, x, y)
            runs_of = {arm: {RUN: np.flatnonzero(arms == arm)} for arm in dict.fromkeys(arms)}
            of_arm = {arm: _effect(factor * x.isel(own), factor * y.isel(own), unit) for arm, own in runs_of.items()}
            for place, (arm, found) in enumerate(of_arm.items()):
                found = _judged(found, of_arm.get(PLACEBO))
                # Without a dimension left there is one row.
                table = found.expand_dims("row").to_dataframe().reset_index()
                tables.append(table.assign(arm=arm, variable=name, unit=unit, _arm=place, _variable=order))
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(["_arm", "_variable"], kind="stable", ignore_index=True)
    keys = ["arm", "variable"] + (["region"] if "region" in table else []) + extra
    columns = [*keys, "unit", "mean", "low", "high", "pairs", "variance_reduction", "placebo_reach", "verdict"]
    if len(table) and (table["pairs"] <= 1).all():
        warnings.warn(ONE_SEED, stacklevel=2)
    table = table[columns].rename(columns={"mean": "change"})
    if apart:
        table.attrs[DIFFERENCES] = apart
    return table


def _at(values: xr.DataArray, name: str, dimension: str, labels: Hashable | Sequence[Hashable]) -> xr.DataArray:
    """The values at one or several labels of a dimension; numbers from 1 where it has no labels."""
    if dimension not in values.dims:
        raise ValueError(f"{name} is not over {dimension}, but over {', '.join(map(str, values.dims))}")
    wanted = [labels] if isinstance(labels, str) or not isinstance(labels, Sequence) else list(labels)
    if dimension in values.coords:
        return values.sel({dimension: wanted})
    return values.isel({dimension: [int(str(label)) - 1 for label in wanted]})


def verdict(
    mean: ArrayLike, half_width: ArrayLike, pairs: ArrayLike, placebo_reach: ArrayLike | None = None
) -> np.ndarray:
    """Whether effects are told apart from chance, as the program says it: `apart`, or `one-seed`, `interval`, `placebo`,
    `unknown`. `placebo_reach` is |mean| + half width of the placebo; `None` if there is no placebo."""
    size, half, count = np.abs(np.asarray(mean, float)), np.asarray(half_width, float), np.asarray(pairs)
    with np.errstate(invalid="ignore"):
        outside = np.isfinite(half) & (size > half)
        beyond = np.full(size.shape, True) if placebo_reach is None else size - half > np.asarray(placebo_reach, float)
    told = np.where(beyond, "apart", "placebo")
    told = np.where(outside, told, "interval")
    told = np.where(count < 2, "one-seed", told)
    return np.where(np.isfinite(size), told, "unknown")


def _judged(found: xr.Dataset, placebo: xr.Dataset | None) -> xr.Dataset:
    half = found["high"] - found["mean"]
    reach = None if placebo is None else abs(placebo["mean"]) + (placebo["high"] - placebo["mean"])
    # A placebo of one pair has no interval: nothing lies beyond it, as nothing is more than NaN.
    told = verdict(found["mean"], half, found["pairs"], reach)
    return found.assign(
        placebo_reach=xr.full_like(found["mean"], np.nan) if reach is None else reach,
        verdict=(found["mean"].dims, told),
    )


def _effect(policy: xr.DataArray, baseline: xr.DataArray, unit: str) -> xr.Dataset:
    """Interval of the paired changes over `run`, and what pairing saved."""
    both = np.isfinite(policy) & np.isfinite(baseline)
    x, y = policy.where(both), baseline.where(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = interval(100 * (x / y - 1) if unit == "%" else x - y)
        apart = x.var(RUN, ddof=1) + y.var(RUN, ddof=1)
        found["variance_reduction"] = (apart / (x - y).var(RUN, ddof=1)).where(found["pairs"] > 1)
    return found.reset_coords(drop=True)
