"""Arrow batches say of each prompt what the library says of it alone."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mjspec

pa = pytest.importorskip("pyarrow", reason="Arrow batches need pyarrow")

from mjspec import api, arrow, rowwise  # noqa: E402 (they need pyarrow)
from mjspec.arrow import (  # noqa: E402
    COMPILE_SCHEMA,
    LINT_SCHEMA,
    NORMALIZE_SCHEMA,
    ColumnError,
    compile_batches,
    lint_batches,
    normalize_batches,
)
from mjspec.jobs.model import Assumptions  # noqa: E402
from mjspec.jobs.pipeline import Options  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROMPTS = [
    "a fox --ar 16:9 --v 7",
    "a fox --ar 16x9 --stop 50 --v 7",
    None,
    "",
    "   ",
    "# no comment here --s 5000",
    "two\nlines --ar 16:9 --hd --v 7",
    "\ufeffa mark --v 7",
    "# mjspec: ignore-file",
    "a {red, green} {fox, owl} --s 5000 --v 7",
    "eine Füchsin 🦊 —ar 3:2 --s 2000",
    '"a quoted fox --v 7"',
    "a fox --ar 16:9 --v 7",
    "{a, b}" * 40,
]
PIECES = st.sampled_from(
    [
        "a fox",
        " --ar 16:9",
        " --v 7",
        " --s 2000",
        " {a, b}",
        "\n",
        "# ",
        '"',
        " --hd",
        "—ar 3:2 ",
        " --niji 6",
        " hot:: dog::2",
        "\r\n",
        "mjspec:",
        " --no text,",
        "\ufeff",
        "{",
        " --stop 5",
    ]
)
TEXTS = st.one_of(st.none(), st.text(max_size=20), st.lists(PIECES, max_size=6).map("".join)).map(
    lambda text: text and text.encode("utf-8", "replace").decode()
)


def batches(*groups: Sequence[str | None], column: str = "prompt") -> list[Any]:
    return [pa.record_batch({column: pa.array(group, pa.string())}) for group in groups]


def rows(found: Any) -> list[dict[str, Any]]:
    return [row for batch in found for row in batch.to_pylist()]


def alone(prompt: str) -> list[tuple[str, int, int, str]]:
    return sorted(
        (found.name, *found.location.start, found.message) for found in mjspec.lint(prompt)
    )


def told(row: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    return sorted(
        (one["name"], one["line"], one["column"], one["message"]) for one in row["findings"]
    )


def test_findings_are_those_of_each_prompt_alone() -> None:
    found = rows(lint_batches(iter(batches(PROMPTS))))

    assert [row["prompt"] for row in found] == PROMPTS
    for prompt, row in zip(PROMPTS, found, strict=True):
        if prompt is None:
            assert row == dict.fromkeys(LINT_SCHEMA.names)
        else:
            assert told(row) == alone(prompt)
            assert row["errors"] + row["warnings"] + row["infos"] == len(row["findings"])


def test_one_finding_whole() -> None:
    (row,) = rows(lint_batches(iter(batches(["a fox --stop 500 --v 6.1"]))))

    assert row == {
        "prompt": "a fox --stop 500 --v 6.1",
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "findings": [
            {
                "code": "MJ205",
                "name": "out-of-range",
                "severity": "error",
                "message": "`--stop 500` is out of range; it takes a whole number from 10 to 100",
                "line": 1,
                "column": 14,
                "end_line": 1,
                "end_column": 17,
                "help": None,
            }
        ],
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.integers(1, 4))
def test_neighbours_and_cuts_change_nothing(prompts: list[str | None], size: int) -> None:
    parts = [prompts[at : at + size] for at in range(0, len(prompts), size)]

    linted = rows(lint_batches(iter(batches(*parts))))
    assert [row["prompt"] for row in linted] == prompts
    for prompt, row in zip(prompts, linted, strict=True):
        assert (row["findings"] is None) if prompt is None else (told(row) == alone(prompt))

    written = rows(normalize_batches(iter(batches(*parts))))
    assert [row["normalized"] for row in written] == [p and mjspec.fmt(p) for p in prompts]


def test_requests_are_those_of_the_library() -> None:
    found = rows(compile_batches(iter(batches(PROMPTS))))

    assert [row["prompt"] for row in found] == PROMPTS
    for prompt, row in zip(PROMPTS, found, strict=True):
        if prompt is None:
            assert row == dict.fromkeys(COMPILE_SCHEMA.names)
        elif row["error"] is None:
            assert [(job["fingerprint"], json.loads(job["body"])) for job in row["jobs"]] == [
                (job.fingerprint, job.request.body) for job in mjspec.compile(prompt)
            ]
        else:
            assert row["jobs"] is None
            with pytest.raises(mjspec.CompileError) as caught:
                mjspec.compile(prompt)
            assert row["error"] == str(caught.value)


def test_more_jobs_than_are_allowed_are_an_error_and_not_an_endless_task() -> None:
    (row,) = rows(compile_batches(iter(batches(["{a, b}" * 40]))))

    assert "too-many-jobs" in row["error"]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_every_kind_of_text_is_read(kind: Any) -> None:
    texts = ["a fox --v 7", None, "a fox --v 7"]
    batch = pa.record_batch({"prompt": pa.array(texts, kind)})

    assert [row["prompt"] for row in rows(lint_batches(iter([batch])))] == texts


def test_a_column_of_nulls_is_answered_by_nulls() -> None:
    batch = pa.record_batch({"prompt": pa.nulls(2)})

    assert rows(lint_batches(iter([batch]))) == [dict.fromkeys(LINT_SCHEMA.names)] * 2


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": ["a"], "id": [1]}, "there is no column `prompt`; there are text, id"),
        ({"prompt": [1]}, "the column `prompt` holds int64, and prompts are text"),
        ({"prompt": [b"a"]}, "the column `prompt` holds binary, and prompts are text"),
        ({"prompt": [["a"]]}, "the column `prompt` holds list<item: string>, and prompts are text"),
    ],
)
@pytest.mark.parametrize("function", [lint_batches, normalize_batches, compile_batches])
def test_what_holds_no_prompts_is_refused(
    columns: dict[str, Any], message: str, function: Callable[..., Any]
) -> None:
    with pytest.raises(ColumnError, match=f"^{message}$"):
        list(function(iter([pa.record_batch(columns)])))


def test_two_columns_of_one_name_are_refused() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["prompt"] * 2)

    with pytest.raises(ColumnError, match="there are 2 columns `prompt`"):
        list(lint_batches(iter([batch])))


@pytest.mark.parametrize(
    ("function", "schema"),
    [
        (lint_batches, LINT_SCHEMA),
        (normalize_batches, NORMALIZE_SCHEMA),
        (compile_batches, COMPILE_SCHEMA),
    ],
)
def test_the_schema_is_the_same_for_any_batch(function: Callable[..., Any], schema: Any) -> None:
    given_batches = batches([], PROMPTS, [None], column="text")
    found = list(function(iter(given_batches), column="text"))

    assert [batch.schema for batch in found] == [schema] * 3
    assert [batch.num_rows for batch in found] == [0, len(PROMPTS), 1]
    assert not list(function(iter([])))


@pytest.mark.parametrize("function", [lint_batches, normalize_batches, compile_batches])
def test_long_batches_are_looked_at_in_parts(
    function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(function(iter(batches(PROMPTS))))
    monkeypatch.setattr(arrow, "_ROWS", 3)
    monkeypatch.setattr(arrow, "_CHARACTERS", 60)

    assert list(function(iter(batches(PROMPTS)))) == whole


@pytest.mark.parametrize(
    "kind", [pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_a_part_is_as_long_as_its_own_texts(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    column = pa.array([f"a fox in snow and ice number {number}" for number in range(90)], kind)
    monkeypatch.setattr(arrow, "_ROWS", 30)
    monkeypatch.setattr(arrow, "_CHARACTERS", 1 << 10)
    monkeypatch.setattr(rowwise.Linter, "lint", lambda _, prompts: [[]] * calls(prompts))
    seen: list[int] = []

    def calls(prompts: Sequence[str | None]) -> int:
        seen.append(len(prompts))
        return len(prompts)

    list(lint_batches(iter([pa.record_batch({"prompt": column})])))
    assert seen == [30, 30, 30]


@pytest.mark.parametrize("function", [lint_batches, normalize_batches, compile_batches])
def test_a_partition_without_rows_may_have_lost_its_columns(function: Callable[..., Any]) -> None:
    (answer,) = function(iter([pa.RecordBatch.from_arrays([], names=[])]))

    assert answer.num_rows == 0


@pytest.mark.parametrize("function", [lint_batches, normalize_batches, compile_batches])
def test_what_is_no_text_is_answered_by_nulls(function: Callable[..., Any]) -> None:
    sound = pa.array(["a fox --s 5000", "an owl --s 5000", None])
    buffers = sound.buffers()
    data = buffers[2].to_pybytes().replace(b"fox", b"f\xffx")
    broken = pa.Array.from_buffers(pa.string(), 3, [*buffers[:2], pa.py_buffer(data)])
    found = rows(function(iter([pa.record_batch({"prompt": broken})])))

    assert found[0] == found[2] == dict.fromkeys(found[0])
    assert found[1:] == rows(function(iter([pa.record_batch({"prompt": sound})])))[1:]


@pytest.mark.parametrize("function", [lint_batches, normalize_batches, compile_batches])
def test_a_prompt_that_breaks_the_program_costs_only_itself(
    function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = ["a fox --s 5000", "break me", None, "an owl —ar 16:9"]
    whole = rows(function(iter(batches(prompts))))
    for place, name in (
        (rowwise, "survey_lines"),
        (rowwise, "reformat"),
        (api, "lint"),
        (api, "fmt"),
        (api, "compile"),
    ):
        monkeypatch.setattr(place, name, partial(_breaking, getattr(place, name)))
    found = rows(function(iter(batches(prompts))))

    assert found[1] == {**dict.fromkeys(found[1]), "prompt": "break me"}
    assert [*found[:1], *found[2:]] == [*whole[:1], *whole[2:]]


def _breaking(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    if any("break me" in str(getattr(getattr(one, "source", one), "text", one)) for one in given):
        raise RuntimeError("broken")
    return function(*given, **named)


def test_a_cluster_can_send_the_functions_to_its_workers() -> None:
    for function in (lint_batches, normalize_batches, compile_batches):
        assert pickle.loads(pickle.dumps(function)) is function
    options = Options(Assumptions(known_flags=frozenset({"mood"})), most_jobs=5)
    sent = pickle.loads(pickle.dumps(partial(lint_batches, column="text", options=options)))
    (row,) = rows(sent(iter(batches(["a {1,2,3,4,5,6} fox --mood 3"], column="text"))))
    assert [one["name"] for one in row["findings"]] == ["too-many-jobs", "many-jobs"]


def test_without_pyarrow_it_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('none')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import mjspec.arrow"],
        env={"PYTHONPATH": f"{tmp_path}:{Path(mjspec.__file__).parents[1]}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr.strip().endswith("it comes with `pip install 'mjspec[arrow]'`")
