"""Prompts in Arrow batches, linted, normalised and compiled: one row out for each row in.

    import pyarrow.parquet as pq
    from mjspec.arrow import lint_batches

    for batch in lint_batches(pq.ParquetFile("prompts.parquet").iter_batches()):
        print(batch.to_pylist())

Each function takes an iterator of record batches and gives one, so that the same object runs in one
process, in Spark's ``mapInArrow``, in Ray Data's ``map_batches``, and on what Polars and DuckDB hand
over. Rows keep their order, a batch keeps its length, and a null is answered by nulls. Batches do not
know of each other: that a job is the same as another one is not told, since it would depend on how an
engine cuts its data. A prompt that makes this program fail is answered by nulls as well.

It needs pyarrow, which comes with the extra ``mjspec[arrow]``.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from mjspec.columns import ColumnError, check_column, pa
from mjspec.pipeline import Options
from mjspec.rowwise import Linter, compiled, normalized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mjspec.compiler import Compiled
    from mjspec.emit import Emit

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

Row = dict[str, Any]


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

    def rows(prompts: Sequence[str | None]) -> list[Row | None]:
        return [None if found is None else _counted(found) for found in linter.lint(prompts)]

    yield from _answered(batches, column, LINT_SCHEMA, rows)


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

    def rows(prompts: Sequence[str | None]) -> list[Row | None]:
        pairs = zip(prompts, normalized(prompts, held), strict=True)
        return [
            None if new is None else {"normalized": new, "changed": new != prompt}
            for prompt, new in pairs
        ]

    yield from _answered(batches, column, NORMALIZE_SCHEMA, rows)


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

    def rows(prompts: Sequence[str | None]) -> list[Row | None]:
        answers = compiled(prompts, held, emit)
        for answer in answers:
            if answer and "jobs" in answer:
                answer["jobs"] = [_job(job) for job in answer["jobs"]]
        return answers

    yield from _answered(batches, column, COMPILE_SCHEMA, rows)


def _answered(
    batches: Iterable[pa.RecordBatch],
    column: str,
    schema: pa.Schema,
    rows: Callable[[Sequence[str | None]], list[Row | None]],
) -> Iterator[pa.RecordBatch]:
    """Each batch with its answer."""
    for batch in batches:
        check_column(batch.schema, column)
        prompts = batch.column(batch.schema.get_field_index(column)).to_pylist()
        answers = [
            {"prompt": prompt, **(answer or {})}
            for prompt, answer in zip(prompts, rows(prompts), strict=True)
        ]
        yield pa.RecordBatch.from_pylist(answers, schema=schema)


def _counted(found: list[Row]) -> Row:
    number = Counter(one["severity"] for one in found)
    return {
        "errors": number["error"],
        "warnings": number["warning"],
        "infos": number["info"],
        "findings": found,
    }


def _job(job: Compiled) -> Row:
    return {
        "id": job.id,
        "body": json.dumps(dict(job.request.body), ensure_ascii=False),
        "final_prompt": job.final_prompt,
        "billing_key": job.billing_key,
        "fingerprint": job.fingerprint,
    }
