"""DuckDB: a query gives record batches, and what comes of them is a table of the next query."""

import time

import duckdb
import pyarrow as pa
from rows import Told, folder

from mjspec.arrow import LINT_SCHEMA, lint_batches

path = folder()
start = time.perf_counter()
prompts = duckdb.read_parquet(f"{path}/*.parquet").select("prompt").to_arrow_reader(8192)
linted = pa.RecordBatchReader.from_batches(LINT_SCHEMA, lint_batches(prompts))
found = duckdb.connect().sql("SELECT * FROM linted").to_arrow_reader(8192)
Told(found).tell(start)
