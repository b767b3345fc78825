"""Tables of an ensemble, read as anybody reads them, with no word about types: a run still finds its baseline, and seeds come
back as they were.

usage: tables.py TABLE RUNS [SEED ..]

TABLE.csv and TABLE.parquet hold one variable by run, time and region, RUNS runs of them with a baseline. Every SEED must be
among the seeds, in double precision too, or else the texts in `seed_text`. Exits with 1 at the first difference.
"""

import sys

import duckdb
import pandas as pd
import polars
import pyarrow.parquet

table, paired, seeds = sys.argv[1], int(sys.argv[2]), set(map(int, sys.argv[3:]))
readers = {
    "pandas, csv": pd.read_csv(f"{table}.csv"),
    "pandas, parquet": pd.read_parquet(f"{table}.parquet"),
    "polars, csv": polars.read_csv(f"{table}.csv").to_pandas(),
    "polars, parquet": polars.read_parquet(f"{table}.parquet").to_pandas(),
    "duckdb, csv": duckdb.sql(f"select * from '{table}.csv'").df(),
    "duckdb, parquet": duckdb.sql(f"select * from '{table}.parquet'").df(),
}
# Times are times, not texts, and not objects of Python.
assert pyarrow.types.is_timestamp(pyarrow.parquet.read_schema(f"{table}.parquet").field("time").type)
assert isinstance(polars.read_parquet(f"{table}.parquet").schema["time"], polars.Datetime)
for reader, rows in readers.items():
    if "parquet" in reader:
        assert rows["time"].dtype.kind == "M", (reader, rows["time"].dtype)
    first = pd.to_datetime(rows["time"])
    assert (first.dt.day == 1).all() and (first == readers["pandas, csv"]["time"].astype("datetime64[us]")).all(), reader
by_year = readers["pandas, parquet"].set_index("time").groupby([pd.Grouper(freq="YS"), "region"]).size()
assert by_year.sum() == len(readers["pandas, csv"])
for reader, rows in readers.items():
    runs = rows.drop_duplicates("run").set_index("run")
    assert all(isinstance(name, str) and name[0] > "f" for name in runs.index), (reader, runs.index)
    policies = runs[runs["baseline"].notna() & (runs["baseline"] != "")]
    assert len(policies) == paired, (reader, len(policies), paired)
    both = policies.merge(runs, left_on="baseline", right_index=True, suffixes=("", "_base"))
    assert len(both) == paired, f"{reader}: {len(both)} of {paired} runs find their baseline"
    assert (both["seed"] == both["seed_base"]).all() and (both["arm"] != both["arm_base"]).all(), reader
    whole = {int(float(seed)) for seed in runs["seed"]}
    if "seed_text" in runs:
        assert all(isinstance(text, str) and text.startswith("s") for text in runs["seed_text"]), reader
        whole = {int(text.removeprefix("s")) for text in runs["seed_text"]}
    else:
        assert all(seed < 2**53 for seed in runs["seed"]), (reader, runs["seed"])
    assert seeds <= whole, (reader, seeds, whole)
print(f"{len(readers)} readers find every baseline")
