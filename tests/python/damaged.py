"""Nothing is made of damaged ensembles in Python: what is read is what the sound file says, or `DamagedFile` is raised.

usage: damaged.py SOUND.h5 DAMAGED.h5 ..
"""

import sys
import warnings

import autarky

VARIABLES = ["real_gdp", "real_imports", "unemployment_rate", "employment"]


def said(file):
    """What a user reads from a file."""
    runs = autarky.open(file)
    effects = autarky.effects(runs, variables=VARIABLES, region="R01")
    values = {name: runs[name].values.tobytes() for name in VARIABLES}
    labels = [list(runs[name].values) for name in ("arm", "seed", "region", "time")]
    return effects.to_csv(), values, str(labels), sorted(map(str, runs.variables)), str(runs.attrs)


def main(sound, damaged):
    """Compares every damaged file with the sound one."""
    whole = said(sound)
    refused = 0
    for file in damaged:
        try:
            found = said(file)
        except OSError as error:  # DamagedFile is one
            refused += 1
            assert str(error), file
            continue
        assert found == whole, f"{file}: another answer without a word"
    assert refused >= len(damaged) // 10, f"{refused} of {len(damaged)} were refused"
    print(refused, "refused of", len(damaged))


warnings.simplefilter("error", RuntimeWarning)
main(sys.argv[1], sys.argv[2:])
