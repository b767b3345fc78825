"""Writes trade-war-2018.toml: `python3 build_trade_war_2018.py FOLDER > trade-war-2018.toml`, FOLDER the shared calibration tables.

What the numbers are:

- Dates and rates of the instruments: tariff_timeline.csv; the days of the single lists from memory (mark M).
- Section 301, average level over all goods from China: rate times size of the lists in force (34, 16, 200 and 120 billion of 505
  billion US dollars of imports in 2017, from memory), scaled by one factor so that the level from September 2019 is 18.5
  points, the middle of the timeline's 17 to 20.
- Its spread over products: duties collected on China in 2024 less those on the European Union (tariffs_baseline.csv): the same lists were still
  in force then. No product bears more than 25 points, the rate of the lists.
- China's answer, average over all US goods: rate times size of its lists (34, 16, 60 and 75 of 130 billion, from memory), scaled so that the
  level from September 2019 is 13.8 points, the timeline's 8 to 21.8.
- Section 232: 25 points on 29 billion of steel and 10 on 17 billion of aluminium, over the 193 billion of metals imported in 2024
  (us_imports_2024.csv; the sizes from memory): 4.6 points on all metals of an exporter that is not exempt.

Not in it: section 201 (washers, solar panels), quotas of Korea and Brazil, the lists of the European Union, Canada, Mexico and others (each
less than a point of duty on their goods from the United States), exclusions. The world's base year already has the duties of
2024, those of 2018 and 2019 among them: the increases come on top.
"""

import csv
import sys
from pathlib import Path

GOODS = "AGR MIN FOD TEX OMF PET CHM RNM MET MAC ELE VEH".split()
# Start, end of the step, level of the lists in force in points before scaling, what is new.
UNITED_STATES = [
    ("2018-07-06", "2018-08-23", 34 * 25 / 505, "list 1 at 25"),
    ("2018-08-23", "2018-09-24", 50 * 25 / 505, "list 2 at 25"),
    ("2018-09-24", "2019-05-10", (50 * 25 + 200 * 10) / 505, "list 3 at 10"),
    ("2019-05-10", "2019-09-01", 250 * 25 / 505, "list 3 at 25"),
    ("2019-09-01", "2020-02-14", (250 * 25 + 120 * 15) / 505, "list 4A at 15"),
    ("2020-02-14", None, (250 * 25 + 120 * 7.5) / 505, "list 4A at 7.5"),
]
CHINA = [
    ("2018-07-06", "2018-08-23", 34 * 25 / 130, "first list at 25"),
    ("2018-08-23", "2018-09-24", 50 * 25 / 130, "second list at 25"),
    ("2018-09-24", "2019-06-01", (50 * 25 + 60 * 7) / 130, "third list at 5 to 10"),
    ("2019-06-01", "2019-09-01", (50 * 25 + 60 * 15) / 130, "third list at 5 to 25"),
    ("2019-09-01", None, (50 * 25 + 60 * 15 + 75 * 6) / 130, "fourth list at 5 to 10"),
]
TARGET = {"United States": 18.5, "China": 13.8}
METALS = round((29 * 0.25 + 17 * 0.10) / 193, 3)


def pattern(folder):
    """Gap of the duty of each product from China over that from the European Union, and its imports."""
    with open(folder / "tariffs_baseline.csv", newline="", encoding="utf-8") as handle:
        rate = {(r["exporter"], r["sector"]): float(r["rate"]) for r in csv.DictReader(handle) if r["importer"] == "USA"}
    with open(folder / "us_imports_2024.csv", newline="", encoding="utf-8") as handle:
        value = {r["sector"]: float(r["imports_musd"]) for r in csv.DictReader(handle) if r["exporter"] == "CHN"}
    return {good: max(0.0, rate["CHN", good] - rate["EUU", good]) for good in GOODS}, value


def spread(level, gap, value):
    """Points by product in proportion to the gaps, at most 25, with the mean `level` at 2024 imports."""
    points = lambda factor: {good: min(25.0, factor * gap[good]) for good in GOODS}
    mean = lambda rates: sum(rates[good] * value[good] for good in GOODS) / sum(value[good] for good in GOODS)
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(points(middle)) < level else (low, middle)
    return points(low)


def measure(label, importer, scope, basis, start, end, mark, note):
    print("[[measure]]")
    print(f'label = "{label}"')
    print('kind = "tariff"')
    print(f'legal_basis = "{basis}"')
    print(f"announced = {start}")
    print(f"start = {start}")
    if end:
        print(f"end = {end}")
        print(f"end_announced = {end}")
    print(f'importers = ["{importer}"]')
    print(scope)
    print('source = "shared calibration table tariff_timeline.csv"')
    print(f'mark = "{mark}"')
    print(f'note = "{note}"')
    print()


def main():
    gap, value = pattern(Path(sys.argv[1]))
    print("# Written by build_trade_war_2018.py; change that, not this. What the numbers are is explained there.")
    print('title = "The trade war of 2018 and 2019"')
    print('description = """United States duties on metals (section 232) and on goods from China (section 301), and the answer of China, dated; '
          'for a run that begins in 2017."""')
    print()
    every = "2018-03-23"
    others = '"JPN", "IND", "VNM", "ASN", "GBR", "TWN", "RUS", "ROW", "CHN"'
    for who, exporters, start, end in (
        ("exporters without exemption", others, every, None),
        ("European Union", '"EUU"', "2018-06-01", None),
        ("Canada and Mexico", '"CAN", "MEX"', "2018-06-01", "2019-05-20"),
    ):
        scope = f'exporters = [{exporters}]\nproducts = ["MET"]\nrate = {METALS}'
        measure(f"US duty on steel and aluminium, {who}", "USA", scope, "section 232", start, end, "S (exemptions: M)",
                "25 on steel and 10 on aluminium, covered share of metals by hand")
    scale = TARGET["United States"] / UNITED_STATES[4][2]
    for start, end, level, what in UNITED_STATES:
        rates = ", ".join(f"{good} = {points / 100:.4f}" for good, points in spread(level * scale, gap, value).items())
        measure(f"US duties on China from {start}: {what}", "USA", f"rates = {{ CHN = {{ {rates} }} }}", "section 301", start, end, "S (days, sizes: M)",
                f"average {level * scale:.1f} points; spread over products by the duties of 2024")
    scale = TARGET["China"] / CHINA[4][2]
    for start, end, level, what in CHINA:
        scope = f'exporters = ["USA"]\nproducts = "all-goods"\nrate = {level * scale / 100:.4f}'
        measure(f"China, answer from {start}: {what}", "CHN", scope, "retaliation", start, end, "M", "average over all goods")


if __name__ == "__main__":
    main()
