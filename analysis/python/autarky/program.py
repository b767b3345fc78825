"""Running the program: one scenario, a sweep, or as a function that a calibrator calls."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from autarky.recording import open as open_recording

Setting = str | float | int | bool
Output = str | tuple[str, Mapping[str, Any]]


class ProgramError(RuntimeError):
    """The program ended without having done what it was asked. `code` is its exit code (`autarky --help`)."""

    def __init__(self, code: int, command: Sequence[str], message: str) -> None:
        super().__init__(f"exit code {code} of {' '.join(command)}\n{message.strip()}")
        self.code = code
        self.message = message


def program() -> str:
    """Path of the program: what the variable AUTARKY says, else `autarky` of the PATH, else target/release of a checkout."""
    named = os.environ.get("AUTARKY")
    if named:
        if shutil.which(named) is None:
            raise FileNotFoundError(f"AUTARKY is {named}, which is no program")
        return named
    found = shutil.which("autarky")
    if found:
        return found
    for folder in [pathlib.Path.cwd(), *pathlib.Path(__file__).resolve().parents]:
        built = folder / "target" / "release" / "autarky"
        if built.is_file():
            return str(built)
    raise FileNotFoundError("there is no program `autarky`: build it, and set AUTARKY to its path or add it to the PATH")


def _call(arguments: Sequence[str], folder: str | os.PathLike[str] | None = None) -> str:
    command = [program(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=folder)
    if done.returncode != 0:
        raise ProgramError(done.returncode, command, done.stderr)
    return done.stdout


def _written(value: Setting) -> str:
    """A value as --set takes it."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(float(value))


def _arguments(
    settings: Mapping[str, Setting] | None, options: Mapping[str, Setting | None], switches: Sequence[str]
) -> list[str]:
    found: list[str] = []
    for key, value in (settings or {}).items():
        found += ["--set", f"{key}={_written(value)}"]
    for key, option in options.items():
        if option is not None:
            found += [f"--{key.replace('_', '-')}", str(option)]
    return [*found, *switches]


def run(
    scenario: str | os.PathLike[str],
    *,
    seeds: int | None = None,
    seed: int | None = None,
    ticks: int | None = None,
    households_per_region: int | None = None,
    set: Mapping[str, Setting] | None = None,
    against: str | None = None,
    out: str | os.PathLike[str] | None = None,
    arguments: Sequence[str] = (),
) -> xr.Dataset:
    """Runs a scenario (the name of a shipped one or the path of a file) and opens what it recorded.

    `seeds` pairs of runs with and without the measures; with several, or as many as the program takes by itself, the
    result is an ensemble (dimension `run`), as `effects` takes it. With one it is the run with the measures; its baseline
    lies beside `out`, as `<out>.baseline.h5`. `set` are parameters, such as `{"trade.rechoice_share": 0.03}`;
    `arguments` are further ones of `autarky run`. Without `out` everything is read into memory and no file is kept.

    Raises `ProgramError` with the message of the program, `FileNotFoundError` if there is no program.
    """
    options = {
        "seeds": seeds,
        "seed": seed,
        "ticks": ticks,
        "households_per_region": households_per_region,
        "against": against,
    }
    given = _arguments(set, options, arguments)
    if out is not None:
        _call(["run", os.fspath(scenario), *given, "--out", os.fspath(out)])
        return open_recording(out)
    with tempfile.TemporaryDirectory(prefix="autarky-") as folder:
        path = os.path.join(folder, "run.h5")
        _call(["run", os.fspath(scenario), *given, "--out", path])
        with open_recording(path) as data:
            return data.load()


def sweep(
    experiment: str | os.PathLike[str],
    *,
    dir: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    arguments: Sequence[str] = (),
) -> xr.Dataset:
    """Does all runs of an experiment (a file, or the folder of a sweep that is planned) and opens the ensemble.

    What was done before is not done again: called anew after it was stopped, it goes on. `dir` is the folder of the sweep,
    `<experiment>.sweep` here unless given. Raises as `run`.
    """
    path = pathlib.Path(experiment)
    folder = pathlib.Path(dir) if dir is not None else path if path.is_dir() else pathlib.Path(path.stem + ".sweep")
    given = _arguments(None, {"dir": None if path.is_dir() else os.fspath(folder), "jobs": jobs}, arguments)
    _call(["sweep", "run", os.fspath(path), *given])
    return open_recording(folder)


class Simulator:
    """A scenario as a function of parameters, for calibrators and samplers; see `simulator`."""

    def __init__(
        self,
        parameters: Sequence[str],
        outputs: Sequence[Output],
        scenario: str | os.PathLike[str],
        region: str | None,
        fixed: Mapping[str, Setting],
        options: Mapping[str, Any],
    ) -> None:
        self.parameters = list(parameters)
        self.outputs = list(outputs)
        self.scenario = scenario
        self.region = region
        self.fixed = dict(fixed)
        self.options = dict(options)
        # Black-it writes the name of a model into its checkpoints, and goes on only with a model of that name.
        self.__name__ = f"autarky {scenario} {' '.join(parameters)}"

    def __call__(self, theta: Sequence[float], N: int | None = None, seed: int | None = None) -> np.ndarray:
        """Series of the outputs, an array of N ticks (those of the scenario unless given) by outputs."""
        theta = np.asarray(theta, dtype=float).ravel()
        if len(theta) != len(self.parameters):
            raise ValueError(f"{len(theta)} values for {len(self.parameters)} parameters")
        settings = self.fixed | dict(zip(self.parameters, theta.tolist(), strict=True))
        options = self.options if N is None else self.options | {"ticks": int(N)}
        number = None if seed is None else int(seed)
        data = run(self.scenario, seeds=1, seed=number, set=settings, against="none", **options)
        return np.column_stack([self._series(data, output) for output in self.outputs])

    def _series(self, data: xr.Dataset, output: Output) -> np.ndarray:
        name, places = (output, {}) if isinstance(output, str) else output
        if name not in data.data_vars:
            raise KeyError(f"{name} is not recorded: see `autarky list variables`")
        series = data[name].sel(dict(places))
        if "region" in series.dims and self.region is not None:
            series = series.sel(region=self.region)
        over = [str(dim) for dim in series.dims if dim != "time"]
        if over:
            raise ValueError(f"{name} is over {', '.join(over)} too: name a place, as ({name!r}, {{{over[0]!r}: ..}})")
        return series.values.astype(float)


def simulator(
    parameters: Sequence[str],
    outputs: Sequence[Output],
    *,
    scenario: str | os.PathLike[str] = "baseline",
    region: str | None = None,
    set: Mapping[str, Setting] | None = None,
    households_per_region: int | None = 1000,
    ticks: int | None = None,
    arguments: Sequence[str] = (),
) -> Simulator:
    """A function `(theta, N, seed)` that runs a scenario with `theta` for `parameters` and returns series of `outputs`.

    `outputs` are names of variables, of `region`, or pairs of a name and places, as `("sector_output", {"region": "USA",
    "industry": "ELE"})`. The result is an array of N ticks by outputs: what Black-it calls a model. It can be sent to other
    processes. `set` are parameters that stay fixed.

        model = autarky.simulator(["trade.rechoice_share"], ["real_gdp", "unemployment_rate"], region="USA")
        series = model([0.03], 24, seed=1)                      # 24 ticks by 2 outputs
    """
    if not parameters or not outputs:
        raise ValueError("name at least one parameter and one output")
    options = {"households_per_region": households_per_region, "ticks": ticks, "arguments": tuple(arguments)}
    return Simulator(parameters, outputs, scenario, region, set or {}, options)
