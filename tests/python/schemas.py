"""Validates every shipped file, and files that are wrong, against the schemas that lie here. Argument: root of the repository."""

import copy
import csv
import functools
import json
import pathlib
import sys
import tomllib

import jsonschema

root = pathlib.Path(sys.argv[1])
configs = root / "configs"


@functools.cache
def validator(kind):
    schema = json.loads(pathlib.Path(f"{kind}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def toml(path):
    # Dates are texts in JSON.
    return json.loads(json.dumps(tomllib.loads(path.read_text()), default=str))


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def rows(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    # An empty cell of numbers is zero; currencies and roles are texts that may be empty.
    empty = {"currency": "", "role": ""}
    return [{key: number(cell or empty.get(key, "0")) for key, cell in row.items()} for row in csv.DictReader(lines)]


def holds(kind, value, name):
    errors = [f"{name}: {error.json_path}: {error.message[:200]}" for error in validator(kind).iter_errors(value)]
    assert not errors, "\n".join(errors[:5])


def fails(kind, value, change):
    changed = copy.deepcopy(value)
    change(changed)
    assert list(validator(kind).iter_errors(changed)), f"{kind}: a wrong file passes"


for path in sorted((configs / "scenarios").glob("*.toml")):
    holds("scenario", toml(path), path.name)
for path in sorted((configs / "policies").glob("*.toml")):
    holds("policy", toml(path), path.name)
holds("parameters", toml(configs / "parameters.toml"), "parameters.toml")
for path in [pathlib.Path("small.toml")]:
    holds("scenario", toml(path), path.name)
for path in [pathlib.Path("duties.toml")]:
    holds("experiment", toml(path), path.name)
for world in sorted(x.parent for x in (configs / "worlds").glob("*/regions.csv")):
    tables = {path.name: rows(path) for path in sorted(world.glob("*.csv"))}
    holds("world", tables, world.name)

small = toml(pathlib.Path("small.toml"))
fails("scenario", small, lambda x: x.pop("world"))
fails("scenario", small, lambda x: x.update(wrold="tiny"))
fails("scenario", small, lambda x: x["time"].update(ticks=0))
fails("scenario", small, lambda x: x["measure"][0].update(kind="tarif"))
fails("scenario", small, lambda x: x["measure"][0].update(industries=["ELE"]))
fails("scenario", small, lambda x: x["measure"][0].pop("source"))
fails("scenario", small, lambda x: x["measure"][0].update(rate="a tenth"))
fails("scenario", small, lambda x: x.update(parameters={"trade": {"rechoice_share": 2}}))
fails("scenario", small, lambda x: x.update(parameters={"trade": {"rechoise_share": 0.2}}))
duties = toml(pathlib.Path("duties.toml"))
fails("experiment", duties, lambda x: x["factor"][0].update(scale="logarithmic"))
fails("experiment", duties, lambda x: x.update(replicates=0))
fails("world", tables, lambda x: x["regions.csv"][0].pop("name"))
print("schemas hold")
