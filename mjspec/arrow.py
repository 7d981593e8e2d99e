"""Prompts in Arrow batches, linted, normalised and compiled: one row out for each row in.

    import pyarrow.parquet as pq
    from mjspec.arrow import lint_batches

    for batch in lint_batches(pq.ParquetFile("prompts.parquet").iter_batches()):
        print(batch.to_pylist())

Each function takes an iterator of record batches and gives one, so that the same object runs in one
process, in Spark's ``mapInArrow``, in Ray Data's ``map_batches``, and on what Polars and DuckDB hand
over; ``examples/engines`` has a recipe for each. Rows keep their order, a batch keeps its length, and
a null is answered by nulls; so is text that is no UTF-8, and a prompt that makes this program fail.
Batches do not know of each other: that a job is the same as another one is not told, since it would
depend on how an engine cuts its data.

It needs pyarrow, which comes with the extra ``mjspec[arrow]``.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from mjspec.jobs.pipeline import Options
from mjspec.reading.columns import ColumnError, check_column, pa, texts_of
from mjspec.rowwise import Answer, Linter, compiled, normalized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mjspec.jobs.emit import Emit
    from mjspec.rowwise import Finding, Request

    Texts: TypeAlias = Sequence[str | None]
    Records: TypeAlias = Sequence[Sequence[Finding | Request] | None]

__all__ = [
    "COMPILE_SCHEMA",
    "LINT_SCHEMA",
    "NORMALIZE_SCHEMA",
    "ColumnError",
    "compile_batches",
    "lint_batches",
    "normalize_batches",
]

_FINDING = pa.struct(
    {
        "code": pa.string(),
        "name": pa.string(),
        "severity": pa.string(),
        "message": pa.string(),
        "line": pa.int32(),
        "column": pa.int32(),
        "end_line": pa.int32(),
        "end_column": pa.int32(),
        "help": pa.string(),
    }.items()
)
_JOB = pa.struct(
    {
        "id": pa.string(),
        "body": pa.string(),
        "final_prompt": pa.string(),
        "billing_key": pa.string(),
        "fingerprint": pa.string(),
    }.items()
)

LINT_SCHEMA = pa.schema(
    {
        "prompt": pa.string(),
        "errors": pa.int32(),
        "warnings": pa.int32(),
        "infos": pa.int32(),
        "findings": pa.list_(_FINDING),
    }
)
"""The prompt; how many findings of each severity it has; the findings as ``mjspec lint --format
json`` has them, with lines and columns within the prompt, from 1, ends exclusive."""

NORMALIZE_SCHEMA = pa.schema(
    {"prompt": pa.string(), "normalized": pa.string(), "changed": pa.bool_()}
)
"""The prompt; its canonical spelling; whether the two differ."""

COMPILE_SCHEMA = pa.schema({"prompt": pa.string(), "jobs": pa.list_(_JOB), "error": pa.string()})
"""The prompt; its requests, one for each of its permutations, with the body as JSON; what is wrong
with it where it makes none."""

_SEVERITIES = ("error", "warning", "info")
_ROWS = 4096
_CHARACTERS = 1 << 24
"""How much of a batch is looked at at once, so that one of any length takes little memory."""


def lint_batches(
    batches: Iterable[pa.RecordBatch], column: str = "prompt", options: Options | None = None
) -> Iterator[pa.RecordBatch]:
    """What is wrong with each prompt, as rows of `LINT_SCHEMA`.

    Args:
        batches: Record batches with a column of prompts.
        column: Its name.
        options: Assumptions and limits.

    Raises:
        ColumnError: The column is missing or holds no text.
    """
    linter = Linter(options or Options())

    def answer(prompts: Texts) -> list[pa.Array]:
        found = linter.lint(prompts)
        return [*(_counted(found, role) for role in _SEVERITIES), _lists(found, _FINDING)]

    yield from _answered(batches, column, LINT_SCHEMA, answer)


def normalize_batches(
    batches: Iterable[pa.RecordBatch], column: str = "prompt", options: Options | None = None
) -> Iterator[pa.RecordBatch]:
    """The canonical spelling of each prompt, as rows of `NORMALIZE_SCHEMA`.

    Args:
        batches: Record batches with a column of prompts.
        column: Its name.
        options: Assumptions and limits.

    Raises:
        ColumnError: The column is missing or holds no text.
    """
    held = options or Options()

    def answer(prompts: Texts) -> list[pa.Array]:
        texts = normalized(prompts, held)
        pairs = zip(prompts, texts, strict=True)
        changed = [None if new is None else new != prompt for prompt, new in pairs]
        return [pa.array(texts, pa.string()), pa.array(changed, pa.bool_())]

    yield from _answered(batches, column, NORMALIZE_SCHEMA, answer)


def compile_batches(
    batches: Iterable[pa.RecordBatch],
    column: str = "prompt",
    options: Options | None = None,
    emit: Emit = "structured",
) -> Iterator[pa.RecordBatch]:
    """The requests of each prompt, as rows of `COMPILE_SCHEMA`.

    Args:
        batches: Record batches with a column of prompts.
        column: Its name.
        options: Assumptions and limits.
        emit: Whether parameters go into fields (``structured``) or into the prompt (``flat``).

    Raises:
        ColumnError: The column is missing or holds no text.
    """
    held = options or Options()

    def answer(prompts: Texts) -> list[pa.Array]:
        answers = [one or Answer() for one in compiled(prompts, held, emit)]
        errors = pa.array([one.error for one in answers], pa.string())
        return [_lists([one.jobs for one in answers], _JOB), errors]

    yield from _answered(batches, column, COMPILE_SCHEMA, answer)


def _answered(
    batches: Iterable[pa.RecordBatch],
    column: str,
    schema: pa.Schema,
    answer: Callable[[Texts], list[pa.Array]],
) -> Iterator[pa.RecordBatch]:
    """Each batch with its answer: the prompts, and the columns that are said of them."""
    for batch in batches:
        if not batch.schema.names and not batch.num_rows:
            # Engines hand over partitions without rows that have lost their columns.
            yield pa.RecordBatch.from_pylist([], schema=schema)
            continue
        check_column(batch.schema, column)
        answers = []
        for prompts in _parts(batch.column(batch.schema.get_field_index(column))):
            columns = [pa.array(prompts, pa.string()), *answer(prompts)]
            answers.append(pa.RecordBatch.from_arrays(columns, schema=schema))
        if len(answers) > 1:
            # Only what is longer than a column of Arrow can be stays in several.
            answers = pa.Table.from_batches(answers, schema).combine_chunks().to_batches()
        yield from answers


def _parts(column: pa.Array) -> Iterator[list[str | None]]:
    """Some rows at a time, fewer where they are long; one part without rows if there are none."""
    for at in range(0, len(column) or 1, _ROWS):
        # What Arrow says of the size of a slice may be that of the whole.
        prompts = texts_of(column.slice(at, _ROWS))
        start = size = 0
        for index, prompt in enumerate(prompts):
            if size > _CHARACTERS:
                yield prompts[start:index]
                start, size = index, 0
            size += len(prompt or "")
        yield prompts[start:]


def _counted(found: Sequence[Sequence[Finding] | None], severity: str) -> pa.Array:
    """How many findings of a severity each prompt has."""
    counts = [
        None if some is None else sum(one.severity == severity for one in some) for some in found
    ]
    return pa.array(counts, pa.int32())


def _lists(rows: Records, kind: pa.StructType) -> pa.Array:
    """Lists of records as a column; columns are put together as such, since rows take far longer."""
    ends = list(accumulate((len(row or ()) for row in rows), initial=0))
    starts = [None if row is None else at for row, at in zip(rows, ends, strict=False)]
    records = [record for row in rows if row for record in row]
    values = list(zip(*records, strict=True)) or [()] * kind.num_fields
    fields = list(kind)
    columns = [pa.array(some, field.type) for some, field in zip(values, fields, strict=True)]
    return pa.ListArray.from_arrays(
        pa.array([*starts, ends[-1]], pa.int32()),
        pa.StructArray.from_arrays(columns, fields=fields),
        type=pa.list_(kind),
    )
