#!/usr/bin/env python3
"""Convert the shared calibration set into Autarky's compact world form.

    python3 configs/worlds/import.py SOURCE_FOLDER configs/worlds/world-15x21

Standard library only. Every table of a world folder is comma-separated with one header line; an empty
cell of a wide table means zero. Money is mn USD a year, persons are heads, rates are fractions.

What is changed on the way (nothing else is):
  - flows, compensation, taxes and capital are rounded to 1e-3 mn USD (1,000 dollars);
  - gross output is the row sum of the rounded flows, and the operating surplus is what is left of it after
    the rounded inputs, compensation and taxes: the surplus absorbs the rounding, so that both identities
    hold exactly in thousandths;
  - where the source split fifths of income into tenths by fixed proportions, the split between the second and the
    fifth is made as smooth as the rest of the curve is (least squared second differences of log shares; tenths 1, 2, 9
    and 10 and the sums of fifths stay), and so is that of consumption that follows income;
  - decile shares are put on a grid of 1e-8 and sum to one exactly;
  - decile baskets are re-fitted (RAS) to the rounded household column and to the decile totals, then put
    on the same grid.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path

USES = ["household", "government", "investment"]
DECILES = [f"D{i}" for i in range(1, 11)]
GRID = 100_000_000
# Industry that carries goods to households; its output sold to them is the distribution margin.
DISTRIBUTION = "TRD"
# Industry whose capital is homes, those of owners included.
HOUSING = "REA"
# Region whose government bonds the others hold as reserves (macro.csv, treasury_holdings).
RESERVE = "USA"

MACRO = [  # (column in our form, indicator in the source, factor, default when the row is absent)
    ("population", "population", 1000.0, None),
    ("labour_force", "labour_force", 1000.0, None),
    ("unemployment_rate", "unemployment_rate", 1.0, None),
    ("self_employed_share", "self_employed_share", 1.0, None),
    ("inflation", "inflation", 1.0, None),
    ("policy_rate", "policy_rate", 1.0, None),
    ("household_saving_rate", "household_saving_rate", 1.0, None),
    ("government_revenue_share", "general_gov_revenue_share", 1.0, None),
    ("government_spending_share", "general_gov_spending_share", 1.0, None),
    ("public_debt_share", "public_debt_share", 1.0, None),
    ("current_account", "current_account", 1.0, None),
    ("fx_reserves", "fx_reserves", 1.0, None),
    ("treasury_holdings", "us_treasury_holdings", 1.0, 0.0),
]
PERSONS = {"population", "labour_force"}


def read(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def write(folder, name, header, rows):
    with open(folder / name, "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def milli(text):
    """Thousandths of a million, as an integer."""
    return round(float(text) * 1000)


def show(value, scale=1000):
    """An integer on a decimal grid as the shortest decimal; zero as the empty cell."""
    if value == 0:
        return ""
    digits = len(str(scale)) - 1
    sign, value = ("-", -value) if value < 0 else ("", value)
    text = f"{value // scale}.{value % scale:0{digits}d}".rstrip("0").rstrip(".")
    return sign + text


def number(value):
    return f"{value:.10g}"


def smooth(shares):
    """Tenths whose fifths 2 to 4 are split so that the logs of shares bend least."""
    out = list(shares)

    def bends():
        logs = [math.log(share) for share in out]
        return sum((logs[k - 1] - 2 * logs[k] + logs[k + 1]) ** 2 for k in range(1, 9))

    def split(low, part):
        both = shares[low] + shares[low + 1]
        out[low], out[low + 1] = part * both, (1 - part) * both
        return bends()

    for _ in range(60):
        for low in (2, 4, 6):
            a, b = 0.3, 0.5
            for _ in range(60):
                third = (b - a) / 3
                if split(low, a + third) < split(low, b - third):
                    b -= third
                else:
                    a += third
            split(low, (a + b) / 2)
    assert all(x < y for x, y in zip(out, out[1:])), out
    return out


def to_grid(shares):
    """Shares scaled to sum to one on the grid: the largest remainders take the missing units."""
    total = sum(shares)
    exact = [share / total * GRID for share in shares]
    floor = [int(value // 1) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (floor[i] - exact[i], i))
    for i in order[: GRID - sum(floor)]:
        floor[i] += 1
    return floor


def fit_baskets(seed, decile_totals, product_totals):
    """RAS of a decile x product table to its two margins."""
    table = [row[:] for row in seed]
    for _ in range(500):
        for j, target in enumerate(product_totals):
            total = sum(row[j] for row in table)
            for row in table:
                row[j] = row[j] * target / total if total > 0 else 0.0
        worst = 0.0
        for i, target in enumerate(decile_totals):
            total = sum(table[i])
            worst = max(worst, abs(total / target - 1))
            table[i] = [value * target / total for value in table[i]]
        if worst < 1e-13:
            break
    return table


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    region_rows, sector_rows = read(source, "regions.csv"), read(source, "sectors.csv")
    regions = [row["region"] for row in region_rows]
    industries = [row["sector"] for row in sector_rows]

    write(target, "regions.csv", ["region", "name", "currency", "role"],
          [[row["region"], row["name"], row["currency"].replace("mixed", ""),
            "reserve" if row["region"] == RESERVE else ""] for row in region_rows])
    theta = {row["sector"]: row["trade_elasticity_theta"] for row in read(source, "elasticities.csv")}
    write(target, "industries.csv", ["industry", "name", "goods", "manufacturing", "role", "trade_elasticity"],
          [[row["sector"], row["name"], row["goods"], row["manufacturing"],
            {DISTRIBUTION: "distribution", HOUSING: "housing"}.get(row["sector"], ""), theta[row["sector"]]] for row in sector_rows])

    flows = defaultdict(dict)
    for row in read(source, "io_flows.csv"):
        flows[row["from_region"], row["from_sector"], row["to_region"]][row["to_sector"]] = milli(row["value"])
    for row in read(source, "final_demand.csv"):
        flows[row["from_region"], row["from_sector"], row["to_region"]][row["category"]] = milli(row["value"])
    columns = industries + USES
    rows, sales, inputs, household = [], defaultdict(int), defaultdict(int), defaultdict(int)
    for origin in regions:
        for product in industries:
            for destination in regions:
                cells = flows.get((origin, product, destination), {})
                values = [cells.get(column, 0) for column in columns]
                if not any(values):
                    continue
                rows.append([origin, product, destination] + [show(value) for value in values])
                sales[origin, product] += sum(values)
                for column, value in zip(columns, values):
                    inputs[destination, column] += value
                household[destination, product] += cells.get("household", 0)
    write(target, "flows.csv", ["origin", "product", "destination"] + columns, rows)

    rows = []
    for row in read(source, "value_added.csv"):
        cell = row["region"], row["sector"]
        compensation, taxes = milli(row["compensation"]), milli(row["taxes"])
        surplus = sales[cell] - inputs[cell] - compensation - taxes
        moved = surplus - milli(row["surplus"])
        assert abs(moved) <= 1e-4 * sales[cell] + 500, (cell, moved)
        persons = round(float(row["employment_thousand"]) * 1000)
        rows.append([*cell, show(sales[cell]), show(compensation), show(taxes), show(surplus),
                     show(milli(row["capital_stock"])), persons])
    write(target, "value_added.csv",
          ["region", "industry", "gross_output", "compensation", "production_taxes", "surplus", "capital", "employment"],
          rows)

    shares = defaultdict(dict)
    for row in read(source, "households.csv"):
        shares[row["region"]][row["group"]] = row
    rows, consumption = [], {}
    for region in regions:
        kinds = []
        for kind in ("income_share", "consumption_share", "wealth_share"):
            values = [float(shares[region][decile][kind]) for decile in DECILES]
            of_income = any(word in shares[region]["D1"]["source"] for word in ("income share^", "survey shares"))
            follows = kind == "income_share" or (kind == "consumption_share" and of_income)
            kinds.append(to_grid(smooth(values) if follows else values))
        consumption[region] = kinds[1]
        for i, decile in enumerate(DECILES):
            rows.append([region, decile] + [show(kind[i], GRID) or "0" for kind in kinds])
    write(target, "households.csv", ["region", "decile", "income_share", "consumption_share", "wealth_share"], rows)

    seed = {(row["region"], row["group"], row["sector"]): float(row["share_of_group_spending"])
            for row in read(source, "household_consumption.csv")}
    rows = []
    for region in regions:
        total = sum(household[region, product] for product in industries)
        products = [household[region, product] / total for product in industries]
        deciles = [share / GRID for share in consumption[region]]
        table = [[max(seed[region, decile, product], 1e-7) * deciles[i] for product in industries]
                 for i, decile in enumerate(DECILES)]
        fitted = fit_baskets(table, deciles, products)
        for i, decile in enumerate(DECILES):
            rows.append([region, decile] + [show(value, GRID) for value in to_grid(fitted[i])])
    write(target, "baskets.csv", ["region", "decile"] + industries, rows)

    macro = {(row["region"], row["indicator"]): float(row["value"]) for row in read(source, "macro.csv")}
    rows = []
    for region in regions:
        cells = []
        for column, indicator, factor, default in MACRO:
            value = macro.get((region, indicator), default)
            assert value is not None, (region, indicator)
            cells.append(str(round(value * factor)) if column in PERSONS else number(value * factor))
        rows.append([region] + cells)
    write(target, "macro.csv", ["region"] + [column for column, *_ in MACRO], rows)

    goods = [row["sector"] for row in sector_rows if row["tariffable"] == "1"]
    rate = {(row["importer"], row["exporter"], row["sector"]): float(row["rate"])
            for row in read(source, "tariffs_baseline.csv")}
    write(target, "tariffs.csv", ["importer", "exporter"] + goods,
          [[importer, exporter] + [number(rate[importer, exporter, product]) for product in goods]
           for importer in regions for exporter in regions if importer != exporter])

    lowest = {"1-9": (1, 9), "10-99 (EU 10-49)": (10, 99), "100-499 (EU 50-249)": (100, 499), "500+ (EU 250+)": (500, "")}
    rows = []
    for row in read(source, "firm_sizes.csv"):
        low, high = lowest[row["size_class"]]
        region = "*" if row["region"] == "DEFAULT" else row["region"]
        rows.append([region, low, high, row["firm_share"], row["employment_share"]])
    write(target, "firm_sizes.csv", ["region", "persons_from", "persons_to", "firm_share", "employment_share"], rows)


if __name__ == "__main__":
    main()
