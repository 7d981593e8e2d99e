"""What the recipes share: rows to lint, and one checksum over what is found in them.

`python examples/engines/rows.py rows 1000000` makes a folder of Parquet files.
"""

from __future__ import annotations

import json
import sys
import time
from hashlib import blake2b
from itertools import count, cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXAMPLES = Path(__file__).parent.parent
FILES = 8
EMPTY = 97
"""Each row of this number holds no prompt."""


def folder() -> Path:
    """The folder that the command line names; without one, a small folder `rows` is made."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "rows")
    if not path.exists():
        make(path, 20_000)
    return path


def make(path: Path, number: int) -> None:
    """Parquet files with so many rows: the prompts of the examples, hardly two of them equal."""
    path.mkdir(parents=True)
    rows = islice(_prompts(), number)
    each = -(-number // FILES)
    for index in range(FILES):
        prompts = pa.array(islice(rows, each), pa.string())
        pq.write_table(pa.table({"prompt": prompts}), path / f"{index}.parquet")


def _prompts() -> Iterator[str | None]:
    files = (EXAMPLES / name for name in ("prompts.mj", "mistakes.mj"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    prompts = cycle([line for line in lines if not line.startswith("# ")])
    for number, prompt in zip(count(), prompts):
        yield f"take {number}, {prompt}" if number % EMPTY else None


class Told:
    """Counts rows and errors, and sums up their hashes: neither order nor batches matter."""

    def __init__(self, batches: Iterable[pa.RecordBatch] = ()) -> None:
        self.rows = self.errors = self.sum = 0
        for batch in batches:
            for row in batch.to_pylist():
                self.add(row)

    def add(self, row: dict[str, object]) -> None:
        """Take in one row of `mjspec.arrow.LINT_SCHEMA`."""
        text = json.dumps(row, ensure_ascii=False, sort_keys=True)
        self.rows += 1
        self.errors += row["errors"] or 0
        self.sum += int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

    def __add__(self, other: Told) -> Told:
        both = Told()
        both.rows, both.errors = self.rows + other.rows, self.errors + other.errors
        both.sum = self.sum + other.sum
        return both

    def tell(self, start: float) -> None:
        """One line for people and tests, with the time since the start."""
        speed = self.rows / (time.perf_counter() - start)
        checksum = f"{self.sum % (1 << 64):016x}"
        print(f"{self.rows} rows, {self.errors} errors, checksum {checksum}, {speed:.0f} rows/s")


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
