"""Parquet files: a column of prompts, some rows at a time, so that a file may be of any length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.files import FileError, reading
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from pyarrow import Array
    from pyarrow.parquet import ParquetFile

__all__ = ["read_rows"]

_FEW, _ROWS = 256, 8192
_BYTES = 1 << 21
"""How many rows there are in a part, and about how many bytes of them."""
_BUFFER = 1 << 18
"""How much is read at once: a group of rows may be as long as the file."""


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
        from pyarrow import ArrowException

        from mjspec.reading.columns import ColumnError
    except ImportError:
        raise FileError(
            f"{path}: Parquet needs pyarrow; it comes with `pip install 'mjspec[arrow]'`"
        ) from None
    with reading(Path(path), path, largest=None) as file:
        try:
            yield from _parts(file, path, column)
        except ColumnError as error:
            raise FileError(f"{path}: {error}") from None
        except (ArrowException, OSError, UnicodeDecodeError) as error:
            raise FileError(f"{path}: {_problem(error)}") from None


def _parts(raw: BinaryIO, path: str, column: str) -> Iterator[Source]:
    from pyarrow.parquet import ParquetFile

    from mjspec.reading.columns import check_column

    row = 1
    # Without a buffer it would read a group of rows whole, which may be all of the file.
    with ParquetFile(raw, buffer_size=_BUFFER, pre_buffer=False) as file:
        check_column(file.schema_arrow, column)
        for batch in file.iter_batches(_rows_at_once(file), columns=[column]):
            lines = _lines(batch.column(0), path, row)
            yield Source(path, "\n".join(lines), row)
            row += len(lines)
    if row == 1:
        yield Source(path, "")


def _rows_at_once(file: ParquetFile) -> int:
    """How many rows make a part: fewer where they are long."""
    metadata = file.metadata
    groups = range(metadata.num_row_groups)
    # One column may have less; asked for that, pyarrow ends the process where the file is damaged.
    size = sum(metadata.row_group(number).total_byte_size for number in groups)
    rows: int = _BYTES * metadata.num_rows // max(size, 1)
    return max(_FEW, min(_ROWS, rows))


def _lines(prompts: Array, path: str, first: int) -> list[str]:
    """A line for each row.

    Raises:
        FileError: A row is no UTF-8, which Parquet promises and nobody looks at.
    """
    from mjspec.reading.columns import texts_of

    texts = texts_of(prompts)
    if texts.count(None) > prompts.null_count:
        present = prompts.is_valid().to_pylist()
        row = first + next(i for i, text in enumerate(texts) if text is None and present[i])
        raise FileError(f"{path}: the text in row {row} is no UTF-8")
    return [_line(text) if text else "" for text in texts]


def _line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _problem(error: Exception) -> str:
    """What a library says, as the end of a sentence."""
    told = getattr(error, "strerror", None)
    return told or f"is no sound Parquet: {str(error).partition(chr(10))[0].rstrip('. ')}"
