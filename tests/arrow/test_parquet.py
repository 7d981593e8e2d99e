"""Parquet on the command line: rows as lines, in parts of any size, in any number of processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mjspec
from mjspec.cli import main
from mjspec.reading import parquet

pa = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")

PROMPTS = [
    "a fox --ar 16:9 --v 6.1",
    None,
    "an owl\nat night —ar 16:9\r\n--s 5000",
    "",
    "a {red, blue} fox --ar 1:1",
    "a red fox --ar 1:1",
    "# no comment here --s 2000",
    "# mjspec: ignore-file",
    "狐 🦊\r\n--seed x --ar 3:2",
    "a fox --v 6.1 --ar 16:9",
]
RAW: dict[str, Any] = {"compression": "none", "use_dictionary": False}


def write(path: str, prompts: Any, column: str = "prompt", group: int = 3, **options: Any) -> None:
    from pyarrow import parquet as writer

    kind = pa.string() if isinstance(prompts, list) else None
    table = pa.table({"id": range(len(prompts)), column: pa.array(prompts, kind)})
    writer.write_table(table, path, row_group_size=group, **options)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def found(out: str) -> list[tuple[str, int, int]]:
    lines = [json.loads(line) for line in out.splitlines()]
    return [(one["name"], one["line"], one["column"]) for one in lines]


def test_a_line_is_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.parquet", PROMPTS)
    code, out, err = run(capsys, "lint", "a.parquet", "--format", "jsonl")

    assert (code, err) == (1, "")
    assert found(out) == [
        ("em-dash", 3, 17),
        ("out-of-range", 3, 31),
        ("many-jobs", 5, 3),
        ("duplicate-job", 6, 1),
        ("out-of-range", 7, 23),
        ("invalid-value", 9, 13),
        ("duplicate-job", 10, 1),
    ]
    assert all(json.loads(line)["fix"] is None for line in out.splitlines())


def test_a_row_says_the_same_in_every_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    prompts = [text for text in PROMPTS if text and not set(text) & set("\r\n{")] * 3
    write("a.parquet", prompts, "text")
    rows = [
        json.dumps({"text": text, "prompt": "x --v 99"}, ensure_ascii=False) for text in prompts
    ]
    Path("a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    cells = [f'"{text}",x --v 99' for text in prompts]
    Path("a.csv").write_text("\n".join(["text,prompt", *cells]), encoding="utf-8")
    reports = []
    for name, row, column in (("a.parquet", 0, 0), ("a.jsonl", 0, 10), ("a.csv", 1, 1)):
        code, out, _ = run(capsys, "lint", name, "--column", "text", "--format", "jsonl")
        assert code == 1
        reports.append([(rule, line - row, at - column) for rule, line, at in found(out)])

    assert len(reports[0]) > len(prompts) // 2
    assert reports == [reports[0]] * 3


@pytest.mark.parametrize(
    "style", ["full", "concise", "json", "jsonl", "github", "gitlab", "junit", "sarif"]
)
def test_a_report_does_not_depend_on_parts_groups_and_processes(
    style: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.parquet", PROMPTS * 5, group=1000)
    whole = run(capsys, "lint", "a.parquet", "--format", style)
    assert whole[0] == 1
    assert "a.parquet" in whole[1]
    assert whole[1].count("is out of range") >= 5
    monkeypatch.setattr(parquet, "_FEW", 1)
    for rows, group in ((1, 1000), (4, 3), (7, 20)):
        write("a.parquet", PROMPTS * 5, group=group)
        monkeypatch.setattr(parquet, "_ROWS", rows)
        for jobs in "1", "3":
            again = run(capsys, "lint", "a.parquet", "--format", style, "--jobs", jobs)
            assert again == whole


def test_the_counts_are_those_of_the_whole_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.parquet", PROMPTS * 5)
    monkeypatch.setattr(parquet, "_ROWS", 4)
    monkeypatch.setattr(parquet, "_FEW", 1)
    for jobs in "1", "2":
        _, out, _ = run(capsys, "lint", "a.parquet", "--format", "json", "--jobs", jobs)
        summary = json.loads(out)["summary"]
        # Eight rows of ten hold prompts, one of them two.
        assert (summary["files"], summary["prompts"]) == (1, 45)


def test_a_baseline_holds_for_all_parts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 4)
    monkeypatch.setattr(parquet, "_FEW", 1)
    write("a.parquet", PROMPTS * 2)
    assert run(capsys, "lint", "a.parquet", "--write-baseline", "b.json")[0] == 0
    for jobs in "1", "2":
        code, out, err = run(capsys, "lint", "a.parquet", "--baseline", "b.json", "--jobs", jobs)
        assert (code, err) == (0, "")
        assert out.startswith("All checks passed")
    write("a.parquet", [*PROMPTS * 2, "a new one --s 7000"])
    code, out, _ = run(capsys, "lint", "a.parquet", "--baseline", "b.json", "--format", "concise")
    assert code == 1
    assert out.startswith("a.parquet:21:15: error MJ205 out-of-range")
    assert out.count("a.parquet") == 1


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_every_kind_of_text_is_read(kind: Any, capsys: pytest.CaptureFixture[str]) -> None:
    if kind == pa.string_view() and int(pa.__version__.partition(".")[0]) < 20:
        pytest.skip("this pyarrow does not write views")
    write("a.parquet", pa.array(["a fox --s 5000", None, "a fox --s 5000"]).cast(kind))
    code, out, _ = run(capsys, "lint", "a.parquet", "--format", "jsonl")

    assert code == 1
    assert found(out) == [("out-of-range", 1, 11), ("out-of-range", 3, 11)]


@pytest.mark.parametrize("prompts", [pa.array([], pa.string()), pa.nulls(3), pa.nulls(0)])
def test_files_without_prompts_hold_nothing(
    prompts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.parquet", prompts)
    for jobs in "1", "2":
        code, out, _ = run(capsys, "lint", "a.parquet", "--jobs", jobs)
        assert (code, out) == (0, "All checks passed: 0 prompts (1 file).\n")
    assert run(capsys, "compile", "a.parquet") == (0, "[]\n", "")


COLUMNS = [
    ("nope", "there is no column `nope`; there are id, prompt"),
    ("id", "the column `id` holds int64, and prompts are text"),
]


@pytest.mark.parametrize("command", [["lint"], ["lint", "--jobs", "2"], ["compile"]])
@pytest.mark.parametrize(("column", "problem"), COLUMNS)
def test_a_column_without_prompts_is_told_and_the_others_go_on(
    column: str, problem: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.parquet", ["a fox --v 7"])
    write("b.parquet", ["an owl --s 5000"], column="nope")
    write("c.parquet", ["an owl --s 5000"], column="other")
    given = [*command, "--column", column, "a.parquet", "b.parquet"]
    code, out, err = run(capsys, *given)

    assert code == 2
    assert f"Error: a.parquet: {problem}\n" in err
    assert ("out-of-range" in out + err) == (column == "nope")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "empty.csv", "empty.jsonl"])
def test_a_table_without_the_column_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text("text,id\na fox,1\n")
    Path("a.jsonl").write_text('{"text": "a fox", "id": 1}\n')
    Path("empty.csv").write_text("")
    Path("empty.jsonl").write_text("")
    known = "none at all" if "empty" in name else "text, id"

    for command in "lint", "compile":
        code, _, err = run(capsys, command, "--column", "nope", name)
        assert code == 2
        assert err == f"Error: {name}: there is no column `nope`; there are {known}\n"


def test_damaged_files_are_told_and_the_others_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    write("whole.parquet", [f"a fox {number} --s 5000" for number in range(500)], group=100, **RAW)
    data = Path("whole.parquet").read_bytes()
    middle = len(data) // 2
    damaged = {
        "empty": b"",
        "short": data[:middle],
        "text": b"prompt\na fox\n" * 9,
        "pages": data[:400] + bytes(1500) + data[1900:],
        "footer": data[:-1200] + bytes(900) + data[-300:],
        "no-utf8": data.replace(b"a fox 321 ", b"a f\xffx 321 "),
    }
    write("z.parquet", ["an owl --stylze 5"])
    for name, content in damaged.items():
        Path(f"{name}.parquet").write_bytes(content)
        for jobs in "1", "2":
            code, out, err = run(capsys, "lint", f"{name}.parquet", "z.parquet", "--jobs", jobs)
            assert code == 2
            assert err.startswith(f"Error: {name}.parquet: ")
            assert err.count("\n") == 1
            assert "unknown-parameter" in out
            if name == "no-utf8":
                assert err.endswith("the text in row 322 is no UTF-8\n")


def test_nothing_writes_such_files(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.parquet", ["a fox --ar 16x9"])
    before = Path("a.parquet").read_bytes()
    problem = "`mjspec lint` and `mjspec compile` read Parquet; nothing writes it"
    for command in (
        ["lint", "--fix"],
        ["lint", "--diff"],
        ["fmt"],
        ["fmt", "--check"],
        ["migrate", "--to", "7"],
        ["plan"],
    ):
        code, _, err = run(capsys, *command, "a.parquet")
        assert code == 2, command
        assert f"Error: a.parquet: {problem}\n" in err
    assert Path("a.parquet").read_bytes() == before


def test_requests_come_row_by_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.parquet", PROMPTS)
    monkeypatch.setattr(parquet, "_FEW", 1)
    answers = []
    for rows in (1000, 1, 3):
        monkeypatch.setattr(parquet, "_ROWS", rows)
        answers.append(run(capsys, "compile", "a.parquet", "--format", "jsonl"))
    code, out, err = answers[0]
    jobs = [json.loads(line) for line in out.splitlines()]

    assert answers == [answers[0]] * 3
    assert code == 1
    assert [job["origin"]["line"] for job in jobs] == [1, 5, 5, 6, 8, 10]
    assert jobs[0]["fingerprint"] == mjspec.compile("a fox --ar 16:9 --v 6.1")[0].fingerprint
    # Each error once: what stands at one place of two parts is not one finding.
    assert [line.split()[1] for line in err.splitlines() if "-->" in line and "error" not in line]
    assert err.count("out-of-range") == 2
    assert err.count("invalid-value") == 1


def test_too_many_jobs_are_told_before_the_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 4)
    monkeypatch.setattr(parquet, "_FEW", 1)
    write("a.parquet", [f"a fox {number}" for number in range(30)])
    write("b.parquet", ["an owl"])
    code, out, err = run(
        capsys, "compile", "a.parquet", "b.parquet", "--max-jobs", "20", "--format", "prompt"
    )

    assert (code, out) == (1, "an owl\n")
    assert err.count("with this there are 21 jobs; at most 20 are allowed") == 1
    assert "a.parquet:21:1" in err


def test_a_group_of_rows_is_not_read_whole() -> None:
    from itertools import pairwise

    prompts = [f"take {number} of a fox in the snow, " + "very " * 200 for number in range(20_000)]
    write("a.parquet", prompts, group=1 << 20, **RAW)
    before = pa.total_allocated_bytes()
    held, lines = [], [1]
    for source in parquet.read_rows("a.parquet", "prompt"):
        held.append(pa.total_allocated_bytes() - before)
        lines.append(source.first_line + source.line_count())
        assert len(source.text) < 1 << 22
    assert lines[-1] == 20_001
    assert all(low < high for low, high in pairwise(lines))
    assert max(held) < Path("a.parquet").stat().st_size // 3


def _without_pyarrow(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "none").mkdir(exist_ok=True)
    (tmp_path / "none/pyarrow.py").write_text("raise ImportError('none')", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "mjspec", *arguments],
        env={"PYTHONPATH": f"{tmp_path / 'none'}:{Path(mjspec.__file__).parents[1]}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", [["lint"], ["lint", "--jobs", "2"], ["compile"]])
def test_without_pyarrow_it_says_what_is_missing(command: list[str], tmp_path: Path) -> None:
    write("a.parquet", ["a fox --s 5000"])
    Path("z.mj").write_text("an owl --stylze 5\n")
    done = _without_pyarrow(tmp_path, *command, "a.parquet", "z.mj")

    assert done.returncode == 2
    assert "unknown-parameter" in done.stdout + done.stderr
    assert done.stderr.endswith(
        "Error: a.parquet: Parquet needs pyarrow; it comes with `pip install 'mjspec[arrow]'`\n"
    )


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_a_column_is_compiled_like_a_prompt(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = ["a fox --ar 16:9 --v 7", "an owl, white --s 5000", "a {red, blue} cat"]
    write("a.parquet", prompts, "text")
    Path("a.csv").write_text("text,prompt\n" + "".join(f'"{text}",x\n' for text in prompts))
    Path("a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in prompts))
    code, out, err = run(capsys, "compile", name, "--column", "text", "--format", "jsonl")

    assert code == 1
    assert "out-of-range" in err
    expected = [job.fingerprint for text in prompts[::2] for job in mjspec.compile(text)]
    assert [json.loads(line)["fingerprint"] for line in out.splitlines()] == expected
