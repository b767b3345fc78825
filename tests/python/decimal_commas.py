"""A table with decimal commas, in every reader, against the same table in Parquet: every value, exactly.

usage: decimal_commas.py COMMAS.csv SAME.parquet
"""

import sys

import autarky
import duckdb
import numpy as np
import pandas as pd
import polars

commas, same = sys.argv[1], pd.read_parquet(sys.argv[2])
found = {
    "pandas": pd.read_csv(commas, sep=";", decimal=","),
    "polars": polars.read_csv(commas, separator=";", decimal_comma=True, infer_schema_length=None).to_pandas(),
    "duckdb": duckdb.sql(f"select * from read_csv('{commas}', delim=';', decimal_separator=',')").df(),
    "autarky": autarky.table(commas),
}
numbers = [name for name in same if same[name].dtype.kind == "f"]
assert len(numbers) >= 2, same.dtypes
for reader, rows in found.items():
    assert list(rows) == list(same) and len(rows) == len(same), (reader, list(rows))
    for name in numbers:
        assert rows[name].dtype.kind == "f", (reader, name, rows[name].dtype)
        assert np.array_equal(rows[name].values, same[name].values, equal_nan=True), (reader, name)
    for name in ("run", "arm", "region"):
        assert list(rows[name]) == list(same[name]), (reader, name)
print(f"{len(numbers)} columns of numbers are equal in {len(found)} readers")
