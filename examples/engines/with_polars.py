"""Polars: `map_batches` of a lazy frame, in pieces as they are read."""

import time

import polars as pl
import pyarrow as pa
from rows import Told, folder

from mjspec.arrow import LINT_SCHEMA, lint_batches

SCHEMA = pl.from_arrow(LINT_SCHEMA.empty_table()).schema


def lint_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """What is found in the prompts of a frame."""
    batches = lint_batches(frame.to_arrow().to_batches())
    return pl.from_arrow(pa.Table.from_batches(batches, LINT_SCHEMA))


path = folder()
start = time.perf_counter()
prompts = pl.scan_parquet(path / "*.parquet").select("prompt")
found = prompts.map_batches(lint_frame, schema=SCHEMA, streamable=True)
Told(found.collect(engine="streaming").to_arrow().to_batches()).tell(start)
