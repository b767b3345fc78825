"""What public packages say of the incomes that `agents/src/statistics/polarization/tests.rs` is tested with.

Usage: python3 polarization.py

Prints the numbers that are frozen there. Gini, Theil, Wolfson (twice theirs, which leaves a factor of 2 away) and the Lorenz curve are of PySAL's
`inequality` (1.1.2, with numpy 2.4.6), the density is of scipy (1.17.1, `gaussian_kde`). No package of Python has the rest: it is written here once more,
by other means than there (all pairs, all places of two ends). Units of several persons are so many persons there.
"""

import numpy
from inequality.gini import Gini
from inequality.theil import Theil
from inequality.wolfson import lorenz_curve, wolfson
from scipy.stats import gaussian_kde

UNITS = 300


def incomes():
    """Skewed incomes, some zero, and the persons of each unit: whole numbers from a generator that both languages have."""
    state, values, persons = 7, [], []
    for _ in range(UNITS):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        u = state >> 44
        values.append(u**3 // 2**48 + u // 2**10 if u > 2**14 else 0)
        persons.append(1 + (state >> 20) % 3)
    return numpy.array(values), numpy.array(persons)


def top(y, share):
    return 1 - numpy.interp(1 - share, *lorenz_curve(y))


def between(means, shares, a):
    """Esteban and Ray over all pairs, over the mean."""
    pairs = numpy.abs(means[:, None] - means[None, :])
    return (shares[:, None] ** (1 + a) * shares[None, :] * pairs).sum() / (means * shares).sum()


def bands(y, reference):
    place = numpy.select([y < 0.6 * reference, y < 0.75 * reference, y <= 2 * reference], [0, 1, 2], 3)
    return [y[place == k] for k in range(4)]


def groups_of(parts):
    size = sum(len(part) for part in parts)
    return numpy.array([part.mean() for part in parts]), numpy.array([len(part) / size for part in parts])


def alike(y):
    """The three groups with the most inequality between them, of all places of two ends."""
    y = numpy.sort(y)
    sums, n = numpy.concatenate([[0], numpy.cumsum(y)]), len(y)
    best = (-1.0, 0, 0)
    for i in range(1, n - 1):
        j = numpy.arange(i + 1, n)
        # Twice the area between the diagonal and the Lorenz curve of three groups.
        area = i * sums[j] - j * sums[i] + j * sums[n] - n * sums[j]
        at = int(area.argmax())
        best = max(best, (float(area[at]), i, int(j[at])))
    _, i, j = best
    return [y[:i], y[i:j], y[j:]]


def density(values, persons, a):
    """Duclos, Esteban and Ray with a density of scipy."""
    weights = persons / persons.sum()
    x = values / (values * weights).sum()
    variance = (weights * (x - 1) ** 2).sum() * len(x) / (len(x) - 1)
    h = 4.7 / numpy.sqrt(len(x)) * numpy.sqrt(variance) * a**0.1
    kernel = gaussian_kde(x, weights=weights)
    kernel.set_bandwidth(h / numpy.sqrt(kernel.covariance[0, 0] / kernel.factor**2))
    distance = (numpy.abs(x[:, None] - x[None, :]) * weights[None, :]).sum(axis=1)
    return (weights * kernel(x) ** a * distance).sum()


def report(name, values, persons):
    y = numpy.repeat(values, persons).astype(float)
    parts, classes = alike(y), bands(y, 1000.0)
    within = Gini(y).g - between(*groups_of(parts), 0) / 2
    found = {
        "median": numpy.median(y),
        "gini": Gini(y).g,
        "theil": Theil(y).T,
        "palma": top(y, 0.1) / numpy.interp(0.4, *lorenz_curve(y)),
        "top_hundredth": top(y, 0.01),
        "top_tenth": top(y, 0.1),
        "wolfson": 2 * wolfson(y),
        "esteban_ray": [between(*groups_of(classes), a) for a in (1, 1.3, 1.6)],
        "esteban_gradin_ray": [between(*groups_of(parts), a) - within for a in (1, 1.3, 1.6)],
        "duclos_esteban_ray": [density(values, persons, a) for a in (0.25, 0.5, 1)],
        "poverty_fixed": (y < 600).mean(),
        "poverty_relative": (y < 0.6 * numpy.median(y)).mean(),
        "bands": [len(part) for part in classes],
    }
    print(name)
    for key, value in found.items():
        value = [float(x) for x in value] if isinstance(value, list) else float(value)
        print(f"    {key}: {value},")


if __name__ == "__main__":
    values, persons = incomes()
    report("one person a unit", values, numpy.ones(UNITS, dtype=int))
    report("one to three persons a unit", values, persons)
