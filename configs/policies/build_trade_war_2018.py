"""Writes trade-war-2018.toml: `python3 build_trade_war_2018.py FOLDER > trade-war-2018.toml`, FOLDER the shared calibration tables.

What the numbers are:

- Dates and rates of the instruments: the orders and notices named in each measure. Federal Register (FR) citations were read
  in public ledgers of tariff actions, the sizes of the first three lists in 84 FR 43304.
- Section 301, average level over all goods from China: rate times size of the lists in force (34, 16, 200 and 120 billion of 505
  billion US dollars of imports in 2017: USITC, Shifts in U.S. Merchandise Trade 2017: 505.6), scaled by one factor so that the
  level from September 2019 is 18.5 points, the middle of the timeline's 17 to 20.
- Its spread over products: duties collected on China in 2024 less those on the European Union (tariffs_baseline.csv): the same lists were still
  in force then. No product bears more than 25 points, the rate of the lists.
- China's answer, average over all US goods: rate times size of its lists (34, 16, 60 and 75 of 130 billion; exports of the
  United States to China 130.4 in 2017, USITC as above), the mean rate of the third and fourth list assumed within the ranges
  announced, scaled so that the level from September 2019 is 13.8 points, the timeline's 8 to 21.8.
- Section 232: 25 points on 29 billion of steel and 10 on 17 billion of aluminium, over the 193 billion of metals imported in 2024
  (us_imports_2024.csv): 4.6 points on all metals of an exporter that is not exempt. Both together were 46.1 billion in 2017
  (Harvard Business Review, "What we do and don't know after Trump's tariff announcement", March 2018); the split is assumed.

What the sources say otherwise; the numbers here are kept until the recorded results are made anew:

- Every measure is known here from the day it takes effect. Announced were: section 232 on 8 March 2018 (Proclamations 9704,
  9705), for the European Union, Canada and Mexico on 31 May; its end for Canada and Mexico on 17 May 2019; the lists of section
  301 on 20 June, 16 August and 21 September 2018, 9 May and 20 August 2019, the cut of list 4A on 13 December 2019; China's
  third list on 3 August 2018, its fourth on 23 August 2019.
- Bown (PIIE, "The trade war is suddenly getting worse", 20 September 2019, and "US-China trade war tariffs", 19 December 2019)
  puts the averages of the United States at 3.8% before July 2018, 12.0 from September 2018, 21.0 from September 2019 and 19.3
  from February 2020, of China at 7.2, 18.3, 16.5 in early June 2019 and 21.1. Increases: 8.2, 17.2 and 15.5 against 7.5, 18.5
  and 16.4 here; for China 11.1 from September 2018 and 13.9 from September 2019 against 8.9 and 13.8 here. He has the rise of
  10 May 2019 from 15 June.
- List 4A is given as 112 billion by a public ledger; 120 is in use.
- China's list of 75 billion was announced in two parts, for 1 September and 15 December 2019; here all of it is from September.
- The United Kingdom was a member of the European Union and exempt from section 232 until 1 June 2018; here it pays from
  23 March. Korea and Brazil paid the 10% on aluminium from June 2018; here nothing. Argentina and Australia (in ROW) were exempt.

Not in it: section 201 (washers, solar panels), quotas of Korea and Brazil, the lists of the European Union, Canada, Mexico and others (each
less than a point of duty on their goods from the United States), exclusions. The world's base year already has the duties of
2024, those of 2018 and 2019 among them: the increases come on top.
"""

import csv
import sys
from pathlib import Path

GOODS = "AGR MIN FOD TEX OMF PET CHM RNM MET MAC ELE VEH".split()
TIMELINE = "Global Times, timeline of 15 December 2019, www.globaltimes.cn/content/1173600.shtml"
# Start, end of the step, level of the lists in force in points before scaling, what is new, source.
UNITED_STATES = [
    ("2018-07-06", "2018-08-23", 34 * 25 / 505, "list 1 at 25", "83 FR 28710"),
    ("2018-08-23", "2018-09-24", 50 * 25 / 505, "list 2 at 25", "83 FR 40823"),
    ("2018-09-24", "2019-05-10", (50 * 25 + 200 * 10) / 505, "list 3 at 10", "83 FR 47974"),
    ("2019-05-10", "2019-09-01", 250 * 25 / 505, "list 3 at 25", "84 FR 20459"),
    ("2019-09-01", "2020-02-14", (250 * 25 + 120 * 15) / 505, "list 4A at 15", "84 FR 43304"),
    ("2020-02-14", None, (250 * 25 + 120 * 7.5) / 505, "list 4A at 7.5", "85 FR 3741"),
]
CHINA = [
    ("2018-07-06", "2018-08-23", 34 * 25 / 130, "first list at 25", TIMELINE),
    ("2018-08-23", "2018-09-24", 50 * 25 / 130, "second list at 25", TIMELINE),
    ("2018-09-24", "2019-06-01", (50 * 25 + 60 * 7) / 130, "third list at 5 to 10", TIMELINE),
    ("2019-06-01", "2019-09-01", (50 * 25 + 60 * 15) / 130, "third list at 5 to 25", TIMELINE),
    ("2019-09-01", None, (50 * 25 + 60 * 15 + 75 * 6) / 130, "fourth list at 5 to 10",
     "State Council Tariff Commission, 23 August 2019, as in Thompson Hine SmarTrade, August 2019"),
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


def measure(label, importer, scope, basis, start, end, source, note):
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
    print(f'source = "{source}"')
    print('mark = "S"')
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
    first = "Proclamations 9704 and 9705 of 8 March 2018, 83 FR 11619 and 11625"
    later = "Proclamations 9739 and 9740 of 31 May 2018, 83 FR 25857 and 25849"
    for who, exporters, start, end, source in (
        ("exporters without exemption", others, every, None, first),
        ("European Union", '"EUU"', "2018-06-01", None, later),
        ("Canada and Mexico", '"CAN", "MEX"', "2018-06-01", "2019-05-20",
         f"{later}; Proclamations 9893 and 9894 of 19 May 2019, 84 FR 23421 and 23425"),
    ):
        scope = f'exporters = [{exporters}]\nproducts = ["MET"]\nrate = {METALS}'
        measure(f"US duty on steel and aluminium, {who}", "USA", scope, "section 232", start, end, source,
                "25 on steel and 10 on aluminium, covered share of metals assumed")
    scale = TARGET["United States"] / UNITED_STATES[4][2]
    for start, end, level, what, source in UNITED_STATES:
        rates = ", ".join(f"{good} = {points / 100:.4f}" for good, points in spread(level * scale, gap, value).items())
        measure(f"US duties on China from {start}: {what}", "USA", f"rates = {{ CHN = {{ {rates} }} }}", "section 301", start, end, source,
                f"average {level * scale:.1f} points; spread over products by the duties of 2024")
    scale = TARGET["China"] / CHINA[4][2]
    for start, end, level, what, source in CHINA:
        scope = f'exporters = ["USA"]\nproducts = "all-goods"\nrate = {level * scale / 100:.4f}'
        measure(f"China, answer from {start}: {what}", "CHN", scope, "retaliation", start, end, source,
                "average over all goods: rate times size of the lists, scaled")


if __name__ == "__main__":
    main()
