#!/usr/bin/env python3
"""Write trade-war-2025.toml from the shared tariff tables.

    python3 configs/policies/build_trade_war.py SHARED_CALIBRATION_FOLDER > configs/policies/trade-war-2025.toml

Standard library only. Three kinds of numbers go in:

1. Effective levels. From 9 April 2025 the US measures are dated levels of the *effective* increase of the duty
   over 2024, by exporter (`tariffs_2025.csv`: import-weighted, so exemptions, treaty preferences and stacking
   rules are inside). Each level is spread over products by the pattern of `tariffs_2025_by_sector.csv` (the
   regime of August-September 2025), scaled so that the mean weighted with 2024 imports is the level. The same
   pattern serves all dates: an approximation, best around August 2025 and worst after February 2026, when metals
   and vehicles carry more of the total.
2. Statutory steps of February to April 2025, before the first effective level.
3. Retaliation, from `tariff_timeline.csv`. Where a list covers part of a product, the rate is multiplied by the
   covered share, a number made by hand and said to be so in the measure's note.

Marks: S = seen in a source (the citation is in the measure; days and rates), M = not seen in one. Federal Register (FR)
citations of orders and proclamations were read in public ledgers of tariff actions, not in the Register itself.

What the sources say otherwise; the numbers here are kept until the recorded results are made anew:

- Duties on Canada and Mexico, and Canada's first list, were announced on 1 February 2025 and put off on 3 February; here
  they are known from the 3rd.
- China's 125 points of the United States were in force from 10 April (EO 14266, 90 FR 15625); here from the 9th.
- The order that halved the fentanyl duty on China is of 4 November 2025 (EO 14357); here it is known from the summit of
  30 October.
- The autumn deals (Switzerland, Korea and others) came on several days; here all on 14 November.
- The Russian-oil duty on India ended on 7 February 2026 (EO 14384, 91 FR 6501); here on the 24th with the others.
- Section 338 duties on Canada were in force from 22 August 2026 (Proclamation 11056), section 301 duties on Brazil from
  22 July; the legal basis of the last level names both, its day is that of section 301 on 60 economies.
"""

import csv
import sys
from pathlib import Path

GOODS = "AGR MIN FOD TEX OMF PET CHM RNM MET MAC ELE VEH".split()
TABLE = "shared calibration tables tariffs_2025.csv and tariffs_2025_by_sector.csv (tradewartracker/trade-war-redux-2025, MIT)"
# Column of tariffs_2025.csv; what it is; announced; start; mark. India, China: see `regimes`.
COLUMNS = [
    ("eff_increase_2025-04-09", "reciprocal baseline, steel, autos", "2025-04-02", "2025-04-09", "S"),
    ("eff_increase_2025-05-12", "after the Geneva truce", "2025-05-12", "2025-05-14", "S"),
    ("eff_increase_2025-08-07", "reciprocal phase 2", "2025-07-31", "2025-08-07", "S"),
    ("eff_increase_2025-11-14", "autumn deals and food exemptions", "2025-11-14", "2025-11-14", "S"),
    ("eff_increase_2026-02-24", "IEEPA duties struck down, section 122 surcharge", "2026-02-20", "2026-02-24", "S"),
    ("eff_increase_2026-07-24", "after section 122 expired", "2026-07-23", "2026-07-24", "S"),
]
BASIS = {
    "2025-04-09": "IEEPA (EO 14257), section 232",
    "2025-05-14": "IEEPA, section 232",
    "2025-08-07": "IEEPA (EO 14326), section 232",
    "2025-08-27": "IEEPA (Russian-oil order), section 232",
    "2025-11-10": "IEEPA, section 232",
    "2025-11-14": "IEEPA, section 232",
    "2026-02-24": "section 122, section 232",
    "2026-07-24": "sections 232, 301 and 338",
}
ORDERS_MARCH = {
    "CAN": "EO 14193 of 1 February 2025, 90 FR 9113; amended by EO 14226 and EO 14231",
    "MEX": "EO 14194 of 1 February 2025, 90 FR 9117; amended by EO 14227 and EO 14232",
}
NOTES = {"2025-08-27": "half of the level assigned to 7 August by hand; "}
# The orders behind the levels.
ORDERS = {
    "2025-04-09": "EO 14257 of 2 April 2025, 90 FR 15041; China: EO 14266, 90 FR 15625",
    "2025-05-14": "joint statement of 12 May 2025; EO 14298, 90 FR 21831",
    "2025-08-07": "EO 14326 of 31 July 2025, 90 FR 37963",
    "2025-08-27": "EO 14329, for entries from 27 August 2025",
    "2025-11-10": "EO 14357 of 4 November 2025, 90 FR 50725, and EO 14358, 90 FR 50729",
    "2025-11-14": "order of 14 November 2025 on farm goods",
    "2026-02-24": "EO 14389 of 20 February 2026, 91 FR 9437, and Proclamation 11012, 91 FR 9339",
    "2026-07-24": "notice of the United States Trade Representative of 23 July 2026, 91 FR 47318",
}


def read(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def regimes(exporter, row):
    """Dated levels of one exporter: (level, what, announced, start, mark)."""
    steps = [[float(row[column]), what, announced, start, mark] for column, what, announced, start, mark in COLUMNS]
    if exporter == "CHN":
        steps[0][1:3] = ["fentanyl 20 and reciprocal 125 points", "2025-04-09"]
        steps[3][1:4] = ["Busan truce: fentanyl 20 -> 10 points", "2025-10-30", "2025-11-10"]
    if exporter == "IND":
        # The column of 7 August already holds the 25 points in force from 27 August.
        full = steps[2][0]
        steps[2][0] = full / 2
        steps.insert(3, [full, "25 more points for Russian oil", "2025-08-06", "2025-08-27", "S (date announced: M)"])
    return steps


def pattern(exporter, rows):
    """Relative increase of each product, with a mean of one at 2024 imports."""
    own = {row["sector"]: row for row in rows if row["exporter"] == exporter}
    weight = sum(float(row["imports_2024_musd"]) for row in own.values())
    mean = sum(float(row["increase"]) * float(row["imports_2024_musd"]) for row in own.values()) / weight
    return {good: float(own[good]["increase"]) / mean if good in own else 1.0 for good in GOODS}


def show(rate):
    return f"{rate:.4f}".rstrip("0").rstrip(".")


def table(rates):
    """Rates by exporter and product, zero left out."""
    rows = []
    for exporter, products in rates.items():
        cells = ", ".join(f"{good} = {show(rate)}" for good, rate in products.items() if rate > 0.00005)
        rows.append(f"{exporter} = {{ {cells} }}")
    return rows


def measure(label, importer, rates, basis, announced, start, end, end_announced, source, mark, note=""):
    print("[[measure]]")
    print(f'label = "{label}"')
    print('kind = "tariff"')
    print(f'legal_basis = "{basis}"')
    print(f"announced = {announced}")
    print(f"start = {start}")
    if end:
        print(f"end = {end}")
        print(f"end_announced = {end_announced}")
    print(f'importers = ["{importer}"]')
    if isinstance(rates, dict):
        print("rates = { " + ", ".join(table(rates)) + " }")
    else:
        exporters, products, rate = rates
        print(f"exporters = {exporters}")
        print(f"products = {products}")
        print(f"rate = {show(rate)}")
    print(f'source = "{source}"')
    print(f'mark = "{mark}"')
    if note:
        print(f'note = "{note}"')
    print()


def statutory_steps():
    """United States, February to April 2025."""
    to_level = {"end": "2025-04-09", "end_announced": "2025-04-09"}
    us = "USA"
    fentanyl = (
        (1, "2025-02-01", "2025-02-04", "EO 14195 of 1 February 2025, 90 FR 9121"),
        (2, "2025-03-03", "2025-03-04", "EO 14228 of 3 March 2025"),
    )
    for number, announced, start, source in fentanyl:
        measure(f"US fentanyl duty on China, step {number}", us, ('["CHN"]', '"all-goods"', 0.10), "IEEPA (EO 14195)",
                announced, start, **to_level, source=source, mark="S",
                note="contained in the effective level from 9 April")
    energy, rest = ["MIN", "PET"], [good for good in GOODS if good not in ("MIN", "PET")]
    for exporter, energy_rate in (("CAN", 0.10), ("MEX", 0.25)):
        for products, rate, name in ((energy, energy_rate, "energy"), (rest, 0.25, "other goods")):
            measure(f"US fentanyl duty on {exporter}, {name}, before the USMCA exemption", us,
                    (f'["{exporter}"]', str(products).replace("'", '"'), rate), "IEEPA", "2025-02-03", "2025-03-04",
                    "2025-03-07", "2025-03-06", ORDERS_MARCH[exporter], "S",
                    "announced 1 February, on 3 February put off by 30 days; known here from the 3rd")
    share = {"CAN": 0.35, "MEX": 0.18}
    rates = {exporter: {good: share[exporter] * (0.10 if exporter == "CAN" and good in energy else 0.25)
                        for good in GOODS} for exporter in share}
    measure("US fentanyl duty on CAN and MEX, goods outside USMCA", us, rates, "IEEPA", "2025-03-06", "2025-03-07",
            **to_level, source="EO 14231 and EO 14232 of 6 March 2025", mark="S",
            note="share outside USMCA by hand, 0.35 of CAN and 0.18 of MEX: the ratio of effective to statutory rates in tariffs_2025_by_sector.csv")
    measure("US steel and aluminium duty 25", us, ('"all"', '["MET"]', 0.06), "section 232", "2025-02-10", "2025-03-12",
            **to_level, source="Proclamations 10895 and 10896 of 10 February 2025, 90 FR 9807 and 9817", mark="S",
            note="25 points on 0.24 of metal imports: share by hand, from the excess of MET over other products of EUU and KOR in tariffs_2025_by_sector.csv; contained in the effective level from 9 April")
    measure("US automobile duty 25", us, ('"all"', '["VEH"]', 0.15), "section 232", "2025-03-26", "2025-04-03",
            **to_level, source="Proclamation 10908 of 26 March 2025, 90 FR 14705", mark="S",
            note="25 points on 0.6 of vehicle imports (share by hand); contained in the effective level from 9 April")
    measure("US reciprocal baseline 10", us, ('{ set = "all", except = ["CAN", "MEX", "RUS"] }',
            '{ set = "all-goods", except = ["MIN", "PET"] }', 0.10), "IEEPA (EO 14257)", "2025-04-02", "2025-04-05",
            **to_level, source="EO 14257 of 2 April 2025, 90 FR 15041", mark="S", note="energy exempt; contained in the effective level from 9 April")


def effective_levels(folder):
    """United States from 9 April 2025: one measure for each stretch of days and group of exporters."""
    sectors, stretches = read(folder, "tariffs_2025_by_sector.csv"), {}
    for row in read(folder, "tariffs_2025.csv"):
        exporter = row["exporter"]
        shape, steps = pattern(exporter, sectors), regimes(exporter, row)
        for step, following in zip(steps, steps[1:] + [None]):
            level, what, announced, start, mark = step
            end, end_announced = (following[3], following[2]) if following else (None, None)
            key = (start, end, announced, end_announced, what, mark)
            stretches.setdefault(key, {})[exporter] = {good: level * shape[good] for good in GOODS}
    for key in sorted(stretches, key=lambda key: (key[0], list(stretches[key])[0])):
        start, end, announced, end_announced, what, mark = key
        exporters = list(stretches[key])
        who = exporters[0] if len(exporters) == 1 else f"{len(exporters)} exporters"
        until = f" to {end}" if end else ""
        measure(f"US effective level {start}{until}, {who}: {what}", "USA", stretches[key], BASIS[start], announced, start, end, end_announced,
                f"{TABLE}; {ORDERS[start]}", mark, NOTES.get(start, "") + "effective increase over 2024; spread over products by the pattern of August 2025")


def china():
    """Chinese measures against the United States."""
    usa = lambda **products: {"USA": products}
    measure("China retaliation 1: energy, machinery, large cars", "CHN", usa(MIN=0.10, MAC=0.003, VEH=0.015),
            "Announcement of the Tariff Commission", "2025-02-04", "2025-02-10", None, None,
            "State Council Tariff Commission, announcement of 4 February 2025 (energynow.com, in English)", "S",
            "15 on coal and LNG, 10 on crude, farm machinery, large cars; covered shares by hand: MIN 0.8 of 12.5, MAC 0.03, VEH 0.15 of 10")
    measure("China retaliation 2: farm products", "CHN", usa(AGR=0.10, FOD=0.05),
            "Announcement of the Tariff Commission", "2025-03-04", "2025-03-10", "2025-11-10", "2025-10-30",
            "State Council Tariff Commission, announcement of 4 March 2025 (tridge.com, in English)", "S",
            "15 on chicken, wheat, corn, cotton, 10 on soy, pork, beef, sorghum, dairy; covered shares by hand: AGR 0.9 of 11, FOD 0.5 of 10")
    goods = ('["USA"]', '"all-goods"')
    commission = "State Council Tariff Commission, announcements"
    for label, rate, announced, start, end, end_announced, source, note in (
        ("China retaliation 3: 84", 0.84, "2025-04-04", "2025-04-10", "2025-04-12", "2025-04-11",
         f"{commission} 4 and 5 of 4 and 9 April 2025 (en.portnews.ru/news/375703)", "34 announced on 4 April, 84 on 9 April"),
        ("China retaliation 3: 125", 1.25, "2025-04-11", "2025-04-12", "2025-05-14", "2025-05-12",
         f"{commission[:-1]} 6 of 11 April 2025 (en.portnews.ru/news/375812)", "statutory; informal exemptions not counted"),
        ("China, after the Geneva truce: 10", 0.10, "2025-05-12", "2025-05-14", None, None,
         "joint statement of 12 May 2025; USDA Foreign Agricultural Service, report CH2025-0111",
         "kept after 10 November 2025"),
    ):
        measure(label, "CHN", (*goods, rate), "Announcement of the Tariff Commission", announced, start, end,
                end_announced, source, "S", note)


def canada():
    """Canadian measures against the United States."""
    second = "SOR/2025-95, Canada Gazette II 159, 7; Department of Finance, 12 March 2025 (C$12.6 bn steel, 3 bn aluminium, 14.2 bn other)"
    lists = (
        ("Canada retaliation 1: first list of C$30 bn", "2025-02-03", "2025-03-04", "2025-09-01",
         {"AGR": 0.2, "FOD": 0.4, "TEX": 0.4, "OMF": 0.3, "CHM": 0.08, "ELE": 0.08},
         "SOR/2025-66; Blakes, U.S.-Canada tariffs: timeline of key dates and documents",
         "announced 1 February, put off to 4 March; known here from 3 February; covered shares by hand, so that the list covers about US$21 bn of the flows of world-15x21"),
        ("Canada retaliation 2: other goods of the second list", "2025-03-12", "2025-03-13", "2025-09-01",
         {"OMF": 0.1, "RNM": 0.08, "MAC": 0.1, "ELE": 0.2}, second, "covered shares by hand, about US$10 bn"),
        ("Canada retaliation 2: steel and aluminium", "2025-03-12", "2025-03-13", None,
         {"MET": 0.44}, second, "covered share by hand, about US$11 bn; kept when the rest was removed"),
    )
    for label, announced, start, end, shares, source, note in lists:
        rates = {"USA": {good: 0.25 * share for good, share in shares.items()}}
        measure(label, "CAN", rates, "United States Surtax Order", announced, start, end, "2025-08-22" if end else None,
                source, "S", note)


def main():
    folder = Path(sys.argv[1])
    print("# Written by build_trade_war.py; change that, not this. What the numbers are is explained there.")
    print('title = "The trade war of 2025"')
    print('description = """United States measures from February 2025 to July 2026 and the retaliation of China and Canada, dated; '
          'levels from 9 April 2025 are effective increases over 2024 by exporter and product."""')
    print()
    statutory_steps()
    effective_levels(folder)
    china()
    canada()


if __name__ == "__main__":
    main()
