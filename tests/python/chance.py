"""Effects and indicators of an ensemble in Python are those of the program, verdicts included.

usage: chance.py ENSEMBLE.h5 EFFECTS.csv INDICATORS.csv PROGRAM REGION

EFFECTS.csv is what `autarky sweep effects ENSEMBLE.h5 --variable .. --csv` said, INDICATORS.csv what `autarky indicators`.
"""

import sys

import numpy as np
import pandas as pd

import autarky

file, effects, indicators, program, region = sys.argv[1:]
theirs = pd.read_csv(effects, keep_default_na=False, na_values=[""])
runs = autarky.open(file)
names = list(dict.fromkeys(theirs["variable"]))
rows = 0
for name in names:
    ours = autarky.effects(runs, variables=name, region=region)
    other = theirs[theirs["variable"] == name].reset_index(drop=True)
    assert len(ours) == len(other) > 0, (name, len(ours), len(other))
    assert list(ours["arm"]) == list(other["arm"]), name
    assert list(ours["unit"]) == list(other["unit"]), name
    assert list(ours["verdict"]) == list(other["verdict"]), (name, ours, other)
    for column in ("change", "low", "high", "placebo_reach"):
        a, b = ours[column].to_numpy(float), other[column].to_numpy(float)
        assert np.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True), (name, column, a, b)
    rows += len(ours)
assert {"policy", "placebo"} == set(theirs["arm"])
# One place of another dimension, and one that is not there.
whole = autarky.effects(runs, variables="sector_output", region=region)
label = str(runs["industry"].values[1])
one = autarky.effects(runs, variables="sector_output", region=region, at={"industry": label})
assert len(one) == 2 and set(one["industry"]) == {label}
kept = whole[whole["industry"] == label].reset_index(drop=True)
assert np.allclose(one["change"], kept["change"], equal_nan=True)
try:
    autarky.effects(runs, variables="real_gdp", at={"industry": label})
except ValueError as error:
    assert "is not over industry" in str(error), error
else:
    sys.exit("real_gdp has no industries")
# Verdicts by hand.
hand = autarky.verdict([1.0, 1.0, 1.0, np.nan, 1.0], [0.5, 1.0, 0.5, 0.1, np.nan], [8, 8, 8, 8, 1], [0.4, 0.0, 1.0, 0, 0])
assert list(hand) == ["apart", "interval", "placebo", "unknown", "one-seed"], hand
# Indicators are the program's own.
found = autarky.indicators(file, program=program)
pd.testing.assert_frame_equal(found, pd.read_csv(indicators, keep_default_na=False, na_values=[""]))
assert {"gini", "terms_of_trade"} & set(found["indicator"]) and len(set(found["indicator"])) > 30, set(found["indicator"])
assert set(autarky.indicators(file, program=program, region=region)["region"]) == {region}
print(f"{rows} effects, {len(found)} indicators")
