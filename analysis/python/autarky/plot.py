"""Figures for papers, in matplotlib.

Every function draws into `ax` (or a new figure of one column) and returns the axes. Sizes are those of two-column journals:
`SINGLE` is 3.3 inches wide, `DOUBLE` 6.9. One colour has one meaning, the same as in the pages and drawings of the program: all
read `colours.csv`, whose colours colour-blind readers can tell apart. What is not told apart from chance (see
`autarky.verdict`) is grey. Use `with autarky.plot.style():` around them for small fonts and embedded text.
"""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from typing import Any

import numpy as np
import xarray as xr

try:
    import matplotlib.pyplot as plt
except ImportError as error:
    raise ImportError("figures need matplotlib: install autarky[plots], or matplotlib itself") from error
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from autarky.effect import PLACEBO, _judged, change, interval, paired
from autarky.pairing import DIFFERENCES, SHOWN
from autarky.recording import RUN

SINGLE = (3.3, 2.3)
"""Width and height of a figure of one column, inches."""
DOUBLE = (6.9, 3.4)
"""Width and height of a figure of two columns, inches."""
with resources.files("autarky").joinpath("colours.csv").open(encoding="utf-8") as _file:
    MEANINGS = {row["name"]: row["light"] for row in csv.DictReader(_file)}
"""Colour of every meaning: `policy`, `baseline`, `less`, `more`, `unsure` and `part1` to `part5`."""
COLOURS = tuple(MEANINGS[name] for name in ("policy", "part1", "part2", "part3", "part4", "part5"))
"""Colours of lines: the policy, and further arms beside it."""
_UNSURE_CELL = "#b9bcc1"
# Poles and middle of the maps of the program: less, none, more.
_DIVERGING = LinearSegmentedColormap.from_list("autarky", ["#005aa0", "#f4f1ec", "#c85a00"])
_DASHES = ("-", "--", "-.", ":")


@contextmanager
def style() -> Iterator[None]:
    """Settings of a paper: 8-point text, thin lines, no upper and right frame, text kept as text in PDF and SVG."""
    settings: Any = {
        "font.size": 8,
        "axes.titlesize": 8,
        "axes.labelsize": 8,
        "legend.fontsize": 7,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "lines.linewidth": 1.2,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=COLOURS),
        "legend.frameon": False,
        "figure.constrained_layout.use": True,
        "figure.dpi": 150,
        "savefig.dpi": 300,
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
    }
    with plt.rc_context(settings):
        yield


def _axes(ax: Axes | None, size: tuple[float, float] = SINGLE) -> Axes:
    return plt.subplots(figsize=size)[1] if ax is None else ax


def _region(policy: xr.Dataset, region: str | None) -> str:
    region = region or policy.attrs.get("focus_region")
    if region is None:
        raise ValueError(f"name a region: {', '.join(policy['region'].values)}")
    return str(region)


def _label(values: xr.DataArray, where: str = "", width: int = 34) -> str:
    """The long name, the region, and the unit in brackets, on lines of `width` letters: 34 fit beside a figure of one column."""
    # What follows a comma explains the level, as "1 in the base year".
    text = str(values.attrs.get("long_name", values.name)).split(",")[0]
    unit = {"1": ""}.get(values.attrs.get("units", ""), values.attrs.get("units", ""))
    return textwrap.fill(
        f"{text}{', ' + where if where else ''}{f' ({unit})' if unit else ''}", width, break_on_hyphens=False
    )


def _large(values: xr.DataArray) -> xr.DataArray:
    """Amounts in billions: a currency unit has 100 minor units."""
    units = values.attrs.get("units", "")
    for minor in ("minor currency units", "minor units"):
        if units.startswith(minor):
            new = "billion" + units.removeprefix("minor").replace(" currency units", "")
            attrs = values.attrs | {"units": new.replace("billion units", "billion")}
            return (values / 1e11).assign_attrs(attrs)
    return values


def _dates(ax: Axes, policy: xr.Dataset) -> None:
    locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.axhline(0, color="0.6", linewidth=0.6, zorder=0)
    first = policy.attrs.get("first_policy_tick")
    if first is not None and 0 < int(first) < policy.sizes["time"]:
        ax.axvline(policy["time"].values[int(first)], color="0.6", linewidth=0.6, linestyle=":", zorder=0)
    ax.margins(x=0)


def _arms(changes: xr.DataArray) -> dict[str, xr.DataArray]:
    if "arm" not in changes.coords:
        return {"": changes}
    arms = changes["arm"].values
    return {str(arm): changes.isel(run=np.flatnonzero(arms == arm)) for arm in dict.fromkeys(arms)}


def _told(found: xr.Dataset, placebo: xr.DataArray | None) -> np.ndarray:
    """Whether each mean is told apart from chance."""
    judged = _judged(found, None if placebo is None else interval(placebo))
    return np.asarray(judged["verdict"].values == "apart")


def _alarm(ax: Axes, values: xr.DataArray) -> None:
    """Says in red above the figure that two runs that are no pair are compared, and what they differ in."""
    found = values.attrs.get(DIFFERENCES, [])
    if not found:
        return
    lines = ["NOT A PAIR: not the effect of policy", *found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"and {len(found) - SHOWN} more")
    text = "\n".join(textwrap.fill(line, 64, break_on_hyphens=False) for line in lines)
    ax.figure.suptitle(text, color="#b00020", fontsize="small", ha="left", x=0.02)


def impulse_response(
    policy: xr.Dataset,
    baseline: xr.Dataset | None = None,
    *,
    variable: str = "real_gdp",
    region: str | None = None,
    arms: Sequence[str] | None = None,
    ax: Axes | None = None,
    force: bool = False,
) -> Axes:
    """Change of a variable over time, percent or points: a line per arm of an ensemble with the 95% interval of its mean over
    pairs, or the difference of two single runs. Grey where it is not told apart from chance. A dotted line marks the beginning
    of the policy where it is recorded. `force` draws two runs that are no pair too, and says so in red above. The arm `placebo` judges the others and is drawn only if it is named.
    """
    ax, region = _axes(ax), _region(policy, region)
    changes = change(policy, baseline, variable=variable, force=force)
    _alarm(ax, changes)
    changes = changes.sel(region=region) if "region" in changes.dims else changes
    found = _arms(changes)
    shown = list(arms or [arm for arm in found if arm != PLACEBO or len(found) == 1])
    for place, arm in enumerate(shown):
        band = interval(found[arm])
        told = _told(band, found.get(PLACEBO) if arm != PLACEBO else None)
        colour, dash = COLOURS[place % len(COLOURS)], _DASHES[place % 4]
        time, faint = band["time"].values, colour if told.any() else MEANINGS["unsure"]
        ax.fill_between(time, band["low"], band["high"], color=faint, alpha=0.2, linewidth=0)
        ax.plot(time, band["mean"], color=colour if told.all() else MEANINGS["unsure"], linestyle=dash)
        ax.plot(time, band["mean"].where(told), color=colour, linestyle=dash, label=arm)
    _dates(ax, policy)
    ax.set_ylabel(_label(changes, region))
    if not told.all():
        ax.set_title("grey: not told apart from chance", loc="right", fontsize="small", color=MEANINGS["unsure"])
    if len(shown) > 1:
        ax.legend(loc="best", handlelength=2.4)
    return ax


def fan_chart(
    policy: xr.Dataset,
    *,
    variable: str = "real_gdp",
    region: str | None = None,
    arm: str | None = None,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    ax: Axes | None = None,
) -> Axes:
    """Spread of the paired changes of one arm of an ensemble over time: the median and, from dark to light, the middle
    `levels` of all pairs. Without `arm`, the first.
    """
    ax, region = _axes(ax), _region(policy, region)
    changes = change(policy, variable=variable)
    found = _arms(changes.sel(region=region) if "region" in changes.dims else changes)
    name = next(iter(found)) if arm is None else arm
    own = found[name]
    time = own["time"].values
    for place, level in enumerate(sorted(levels, reverse=True)):
        low, high = own.quantile((0.5 - level / 2, 0.5 + level / 2), dim=RUN)
        shade = 0.15 + 0.2 * place
        ax.fill_between(time, low, high, color=COLOURS[0], alpha=shade, linewidth=0, label=f"{level:.0%}")
    ax.plot(time, own.median(RUN), color="black", label="median")
    _dates(ax, policy)
    ax.set_ylabel(_label(changes, region))
    ax.set_title(f"{name}, {own.sizes[RUN]} pairs", loc="left")
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="best", ncols=2, handlelength=1.4, columnspacing=1.0)
    return ax


def _last_year(policy: xr.Dataset) -> slice:
    return slice(-int(policy.attrs.get("ticks_per_year", 12)), None)


def bilateral_trade(
    policy: xr.Dataset,
    baseline: xr.Dataset | None = None,
    *,
    variable: str = "real_imports_bilateral",
    region: str | None = None,
    ax: Axes | None = None,
    force: bool = False,
) -> Axes:
    """Trade of a region with every partner, without the policy (hollow) and with it (filled): means over the last year and
    all pairs, in the units of the variable, the largest partner on top.
    """
    ax, region = _axes(ax, (SINGLE[0], 3.2)), _region(policy, region)
    a, b = paired(policy, baseline, variable=variable, force=force)
    _alarm(ax, a)
    window = _last_year(policy)
    a, b = (_large(x.sel(region=region).isel(time=window).mean(("time", RUN), keep_attrs=True)) for x in (a, b))
    partners = [code for code in a["partner"].values if code != region]
    order = b.sel(partner=partners).sortby(b.sel(partner=partners))
    before, after = order.values, a.sel(partner=order["partner"]).values
    rows = np.arange(len(order))
    ax.hlines(rows, before, after, color="0.6", linewidth=1.0, zorder=1)
    ax.plot(
        before, rows, "o", color="white", markeredgecolor=MEANINGS["baseline"], markersize=4, zorder=2, label="without the policy"
    )
    ax.plot(after, rows, "o", color=MEANINGS["policy"], markersize=4, zorder=3, label="with it")
    ax.set_yticks(rows, order["partner"].values)
    ax.set_xlim(left=0)
    ax.set_ylim(-0.6, len(order) - 0.4)
    ax.grid(axis="y", color="0.92", linewidth=0.5)
    ax.set_axisbelow(True)
    ax.set_xlabel(_label(a, region, 48))
    ax.legend(loc="lower right")
    return ax


def decile_incidence(
    policy: xr.Dataset,
    baseline: xr.Dataset | None = None,
    *,
    variable: str = "real_consumption_decile",
    region: str | None = None,
    ax: Axes | None = None,
    force: bool = False,
) -> Axes:
    """Change by income decile, the poorest to the left: mean over the last year, percent; with the 95% interval of the mean
    where there are several pairs. Simulated, not by construction. Blue is less, orange more, grey not told apart from chance.
    Deciles are those of the base year. Where households are persons alone (``households.units`` off), they mix workers and people
    outside the labour force, and inequality is too high.
    """
    ax, region = _axes(ax), _region(policy, region)
    a, b = paired(policy, baseline, variable=variable, force=force)
    _alarm(ax, a)
    window = _last_year(policy)
    a, b = (x.sel(region=region).isel(time=window).mean("time", keep_attrs=True) for x in (a, b))
    changes = _arms(100 * (a / b - 1))
    # Of an ensemble with several arms the first is shown, judged by the placebo.
    name = next(arm for arm in changes if arm != PLACEBO or len(changes) == 1)
    found = interval(changes[name])
    told = _told(found, changes.get(PLACEBO) if name != PLACEBO else None)
    signed = np.where(found["mean"] < 0, MEANINGS["less"], MEANINGS["more"])
    colours = np.where(told, signed, MEANINGS["unsure"])
    half = (found["mean"] - found["low"]).values if int(found["pairs"].min()) > 1 else None
    places = found["decile"].values
    ax.bar(places, found["mean"], yerr=half, color=colours, width=0.7, error_kw={"elinewidth": 0.8, "capsize": 1.5})
    ax.axhline(0, color="black", linewidth=0.6)
    ax.set_xticks(places)
    ax.set_xlabel("income decile in the base year, 1 is the poorest")
    ax.set_ylabel(
        _label(a.assign_attrs(long_name=f"change of {a.attrs.get('long_name', variable)}", units="%"), region)
    )
    return ax


def heat_map(
    policy: xr.Dataset,
    baseline: xr.Dataset | None = None,
    *,
    variable: str = "sector_real_output",
    ax: Axes | None = None,
    force: bool = False,
) -> Axes:
    """Change by region and industry: mean over the last year and all pairs, percent. Blue is less, orange more, as in the
    pages of the program; colours end at the 98th percentile of the size of changes. Of several pairs, cells that are not told
    apart from chance are grey, as are cells without a baseline.
    """
    ax = _axes(ax, DOUBLE)
    a, b = paired(policy, baseline, variable=variable, force=force)
    _alarm(ax, a)
    window = _last_year(policy)
    a, b = (x.isel(time=window).mean("time", keep_attrs=True) for x in (a, b))
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = _arms(100 * (a / b - 1))
    name = next(arm for arm in changes if arm != PLACEBO or len(changes) == 1)
    found = changes[name].mean(RUN)
    if changes[name].sizes[RUN] > 1:
        found = found.where(_told(interval(changes[name]), changes.get(PLACEBO) if name != PLACEBO else None))
    found = found.where(np.isfinite(found)).transpose("region", "industry")
    end = float(np.nanpercentile(np.abs(found), 98)) or 1.0
    colours = _DIVERGING.with_extremes(bad=_UNSURE_CELL)
    image = ax.imshow(found, cmap=colours, vmin=-end, vmax=end, aspect="auto")
    ax.set_xticks(range(found.sizes["industry"]), found["industry"].values, rotation=90)
    ax.set_yticks(range(found.sizes["region"]), found["region"].values)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xlabel("industry")
    ax.set_ylabel("region")
    bar = ax.figure.colorbar(image, ax=ax, extend="both", pad=0.02, aspect=30)
    bar.outline.set_visible(False)
    bar.set_label(_label(a.assign_attrs(long_name=f"change of {a.attrs.get('long_name', variable)}", units="%")))
    return ax


__all__ = [
    "COLOURS",
    "DOUBLE",
    "MEANINGS",
    "SINGLE",
    "bilateral_trade",
    "decile_incidence",
    "fan_chart",
    "heat_map",
    "impulse_response",
    "style",
]
