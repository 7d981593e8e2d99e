"""Ray Data: `map_batches` gives tables, which are record batches one after the other."""

import time

import pyarrow as pa
import ray
from rows import Told, folder

from mjspec.arrow import LINT_SCHEMA, lint_batches


def lint_table(table: pa.Table) -> pa.Table:
    """What is found in the prompts of a table."""
    return pa.Table.from_batches(lint_batches(table.to_batches()), LINT_SCHEMA)


path = folder()
ray.init(include_dashboard=False, log_to_driver=False)
start = time.perf_counter()
prompts = ray.data.read_parquet(str(path.resolve()), columns=["prompt"])
found = prompts.map_batches(lint_table, batch_format="pyarrow", batch_size=None)
tables = found.iter_batches(batch_format="pyarrow", batch_size=None)
Told(batch for table in tables for batch in table.to_batches()).tell(start)
ray.shutdown()
