"""Parquet files: a column of prompts, some rows at a time, so that a file may be of any length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.files import FileError, reading
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_rows"]

_ROWS = 8192
_LINE_ENDS = str.maketrans("\r\n", "  ")


def read_rows(path: str, column: str) -> Iterator[Source]:
    """The prompts of a file, a row a line; a row without a prompt is an empty line.

    A line end within a prompt is read as the space that it means.

    Args:
        path: The file.
        column: The column with the prompts.

    Raises:
        FileError: It cannot be read, has no such column of texts, or pyarrow is not there.
    """
    try:
        from pyarrow import ArrowException, parquet

        from mjspec.columns import ColumnError, check_column
    except ImportError:
        raise FileError(
            f"{path}: Parquet needs pyarrow; it comes with `pip install 'mjspec[arrow]'`"
        ) from None
    row = 1
    try:
        with reading(Path(path), path) as raw, parquet.ParquetFile(raw) as file:
            check_column(file.schema_arrow, column)
            for batch in file.iter_batches(_ROWS, columns=[column]):
                prompts = batch.column(0).to_pylist()
                lines = [(prompt or "").translate(_LINE_ENDS) for prompt in prompts]
                yield Source(path, "\n".join(lines), row)
                row += len(lines)
            if row == 1:
                yield Source(path, "")
    except (ColumnError, ArrowException) as error:
        raise FileError(f"{path}: {str(error).rstrip('.')}") from None
