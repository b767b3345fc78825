"""Indicators (Gini, terms of trade, real wage, ..): computed by the program, so that its definitions are the only ones."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import tempfile

import pandas as pd


def _program(given: str | os.PathLike[str] | None) -> str:
    """Path of the program: the one given, that of the environment variable AUTARKY, or the one on PATH."""
    named = given or os.environ.get("AUTARKY")
    found = shutil.which("autarky" if named is None else os.fspath(named))
    if found is None:
        raise FileNotFoundError(
            f"the program {named or 'autarky'} is not there: install it with `cargo install --path runs --locked`, "
            "or name it with program=.. or the environment variable AUTARKY"
        )
    return found


def indicators(
    path: str | os.PathLike[str],
    against: str | os.PathLike[str] | None = None,
    *,
    arm: str | None = None,
    region: str | None = None,
    program: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """All indicators by region and month, as `autarky indicators --csv` writes them.

    - `path`: an ensemble (the file, or the folder of a sweep): mean change over pairs of seeds with `low`, `high`, `pairs`,
      `placebo_reach` and `verdict`, as of `autarky.effects`; or a recording: `value`, and `baseline` and `change` if there is
      one `against` it;
    - `arm`: of an ensemble [default: the first that has a baseline];
    - `region`: keeps one region [default: all];
    - `program`: path of `autarky` [default: the environment variable AUTARKY, or the one on PATH].

    Raises `FileNotFoundError` without the program, `ValueError` with what it says if it refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "indicators.csv"
        options = [] if against is None else ["--against", os.fspath(against)]
        options += [] if arm is None else ["--arm", arm]
        command = [_program(program), "indicators", os.fspath(path), *options, "--csv", os.fspath(table)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise ValueError(ended.stderr.strip() or f"{command[0]} ended with code {ended.returncode}")
        found = pd.read_csv(table, keep_default_na=False, na_values=[""])
    if region is not None:
        if region not in set(found["region"]):
            raise KeyError(f"there is no region {region!r}; there are {', '.join(dict.fromkeys(found['region']))}")
        found = found[found["region"] == region].reset_index(drop=True)
    return found
