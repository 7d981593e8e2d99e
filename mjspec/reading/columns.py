"""The column of an Arrow batch that holds prompts, whatever kind of text it is stored as."""

from __future__ import annotations

from mjspec.diagnostics import MjspecError

try:
    import pyarrow as pa
except ImportError as error:
    raise ImportError(
        "Arrow and Parquet need pyarrow; it comes with `pip install 'mjspec[arrow]'`"
    ) from error

__all__ = ["ColumnError", "check_column", "pa", "texts_of"]


class ColumnError(MjspecError, ValueError):
    """There is no such column, or it holds no text."""


def check_column(schema: pa.Schema, column: str) -> None:
    """Refuses a column that holds no prompts.

    Raises:
        ColumnError: It does not exist, stands there twice, or holds no text.
    """
    number = schema.names.count(column)
    if not number:
        named = ", ".join(schema.names) or "none at all"
        raise ColumnError(f"there is no column `{column}`; there are {named}")
    if number > 1:
        raise ColumnError(f"there are {number} columns `{column}`; give them names of their own")
    kind = schema.field(column).type
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not (_is_text(held) or pa.types.is_null(held)):
        raise ColumnError(f"the column `{column}` holds {kind}, and prompts are text")


def texts_of(column: pa.Array) -> list[str | None]:
    """The texts of a column; None for a null, and for bytes that are no UTF-8.

    Arrow promises UTF-8 and does not look whether it is true, nor do those who write Parquet.
    """
    try:
        texts: list[str | None] = column.to_pylist()
    except UnicodeDecodeError:
        texts = [_text(value) for value in column]
    return texts


def _text(value: pa.Scalar) -> str | None:
    try:
        text: str | None = value.as_py()
    except UnicodeDecodeError:
        return None
    return text


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
