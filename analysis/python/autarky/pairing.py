"""Whether two recordings are a pair: the same in all but their measures. The rule is that of the program."""

from __future__ import annotations

import tomllib
import warnings
from typing import Any

import xarray as xr

SHOWN = 12
"""Differences that are listed."""

DIFFERENCES = "differences"
"""Attribute of results of files that are no pair: what they differ in besides their measures."""

# Keys that say what a run is called and what its policy is, or that are compared elsewhere.
_OWN = ("title", "description", "measure", "policies", "seed", "world")

_VERSIONS = " (different versions of the program)"
_COMMON = {
    "seed": " (different seeds: their difference is noise as much as policy)",
    "calibration_digest": " (worlds with different tables)",
    "households": " (different numbers of households)",
    "firms": " (different numbers of firms)",
    "source": _VERSIONS,
    "commit": _VERSIONS,
    "commit_changed": _VERSIONS,
}


class NotAPair(ValueError):
    """Two recordings differ in more than their measures."""


class NotAPairWarning(UserWarning):
    """Two recordings that differ in more than their measures are compared because of `force=True`."""


def differences(policy: xr.Dataset, baseline: xr.Dataset) -> list[str]:
    """What two recordings differ in besides their measures, a line each with both values; empty for a pair."""
    found: list[str] = []
    for name, meaning in _COMMON.items():
        here, there = (str(data.attrs.get(name, "nothing")) for data in (policy, baseline))
        if here != there:
            if name == "calibration_digest":
                # Named alike or not: the same tables are the same world.
                worlds = [str(data.attrs.get("world", "nothing")) for data in (policy, baseline)]
                found += [f"world: {worlds[0]} / {worlds[1]}"] if worlds[0] != worlds[1] else []
            found.append(f"{name}: {here} / {there}{meaning}")
    if any("configuration" in data.variables for data in (policy, baseline)):
        _compare("", _settings(policy), _settings(baseline), found)
    for dimension in ("region", "industry"):
        places = [list(data[dimension].values) if dimension in data.coords else [] for data in (policy, baseline)]
        if places[0] != places[1]:
            found.append(f"{dimension}: {' '.join(map(str, places[0]))} / {' '.join(map(str, places[1]))}")
    if not policy.indexes["time"].equals(baseline.indexes["time"]):
        found.append(f"recorded: {_span(policy)} / {_span(baseline)} (different ticks)")
    return found


def check(policy: xr.Dataset, baseline: xr.Dataset, force: bool) -> list[str]:
    """Refuses what is no pair, or warns if `force`; gives what differs."""
    found = differences(policy, baseline)
    if not found:
        return found
    lines = "\n  ".join(found[:SHOWN] + ([f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []))
    if not force:
        raise NotAPair(
            f"the two runs differ in more than their measures, so their difference is not the effect of policy "
            f"(first / second):\n  {lines}\nforce=True compares them all the same"
        )
    warnings.warn(
        f"NOT A PAIR, compared because of force=True: the two runs differ in more than their measures, so this is not the "
        f"effect of policy (first / second):\n  {lines}",
        NotAPairWarning,
        stacklevel=4,
    )
    return found


def _settings(data: xr.Dataset) -> dict[str, Any]:
    if "configuration" not in data.variables:
        return {}
    text = data["configuration"].item()
    table = tomllib.loads(text.decode() if isinstance(text, bytes) else text)
    for key in _OWN:
        table.pop(key, None)
    # How many ticks were planned: those that were done are compared.
    if isinstance(table.get("time"), dict):
        table["time"].pop("ticks", None)
    return table


def _compare(place: str, here: Any, there: Any, found: list[str]) -> None:
    if isinstance(here, dict) and isinstance(there, dict) and "value" in here and "value" in there:
        # A parameter is its value: where that comes from changes nothing. It is called as in --set.
        _compare(place.removeprefix("parameters."), here["value"], there["value"], found)
    elif isinstance(here, dict) and isinstance(there, dict):
        for key in sorted(here.keys() | there.keys()):
            _compare(f"{place}.{key}" if place else key, here.get(key, "nothing"), there.get(key, "nothing"), found)
    elif isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        for number, (one, other) in enumerate(zip(here, there, strict=True), 1):
            _compare(f"{place}[{number}]", one, other, found)
    elif here != there:
        found.append(f"{place}: {here} / {there}")


def _span(data: xr.Dataset) -> str:
    times = data.indexes["time"]
    if not len(times):
        return "0 ticks"
    return f"{len(times)} ticks from {str(times[0])[:10]} to {str(times[-1])[:10]}"
