from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.cli.run import run
from mjspec.dispatch.files import safe_name, stem_key
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.naming import check_naming, image_stems
from mjspec.dispatch.rows import Asset
from mjspec.dispatch.template import TEMPLATE_FIELDS, TemplateError, check_template, stems

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBIDDEN = set('<>:"/\\|?*\0\n\r\t\u200b\u202e\ufeff')
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}

BATCH = """\
defaults: {version: 7}
jobs:
  - id: fox
    prompt: A lone ${animal}, at dusk --ar 16:9
    copies: 2
    matrix:
      animal: [fox, snow hare]
      stylize: [100, 750]
      exclude: [{animal: snow hare, stylize: 750}]
      include: [{animal: owl}]
  - rows: people.csv
    prompt: a portrait of ${name}
"""
PEOPLE = "name,seed,id\nkeeper,7,CON\nsailor,,nul.txt\n"


def is_safe(part: str) -> bool:
    """Whether every file system takes a part of a path as it is."""
    return (
        0 < len(part.encode()) <= 255 - len("-00000000-0000.json")
        and not set(part) & FORBIDDEN
        and not part.endswith((" ", "."))
        and not part.startswith((".", "-", "~", " "))
        and part.partition(".")[0].strip().casefold() not in DEVICES
    )


def job(**changes: Any) -> PaidJob:
    return replace(
        PaidJob(
            id="fox",
            fingerprint="1:sha256:abcdef0123456789",
            body={"prompt": "A fox, 2 owls", "seed": 7, "version": "7", "tile": True},
            final_prompt="A fox, 2 owls --v 7 --seed 7 --tile",
            billing_key="midjourney@imagine-v7-fast",
        ),
        **changes,
    )


def asset(number: int = 1) -> Asset:
    return Asset(
        number=number,
        task_id="task_1",
        url="https://x.example/1.png",
        state="wanted",
        stem=None,
        path=None,
        size=None,
        sha256=None,
        done_at=None,
        error=None,
    )


def name(template: str, number: int = 1, **changes: Any) -> str:
    return next(image_stems(check_template(template), job(**changes), asset(number)))


@given(st.text())
def test_any_text_becomes_one_safe_part_of_a_path(text: str) -> None:
    name = safe_name(text)
    assert name
    assert 0 < len(name.encode()) <= 201
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert name not in (".", "..")
    assert not name.endswith((" ", "."))
    assert not name.startswith((".", "-", " "))


@pytest.mark.parametrize(
    "text, name",
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1", "_COM1"),
        ("con ", "_con"),
        ("-rf", "_rf"),
        ("", "_"),
        ("...", "_"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("a\ud800b", "a?b".replace("?", "_")),
        ("é", "é"),
    ],
)
def test_dangerous_names(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_the_number_of_an_image_survives_a_long_name() -> None:
    values = {"id": "狐" * 200, "index": "3"}
    first = next(stems("{id}-{index}", values, "1:sha256:abcdef0123"))
    assert first.endswith("-3")
    assert len(first.encode()) <= 200


def test_names_go_on_without_end_and_differ() -> None:
    names = list(islice(stems("{id}/{index}", {"id": "a", "index": "1"}, "1:sha256:abcd"), 4))
    assert names == ["a/1", "a/1-abcd", "a/1-abcd-2", "a/1-abcd-3"]
    assert stem_key("Straße") == stem_key("STRASSE")
    assert stem_key("e\u0301") == stem_key("é")


@pytest.mark.parametrize(
    "template, stem",
    [
        ("{id}-{index}", "fox-1"),
        ("{id}-{index:03}", "fox-001"),
        ("{id}/{copy:02}/{index}", "fox/01/1"),
        ("{version} {seed}", "7 7"),
        ("{prompt}", "a-fox-2-owls"),
        ("{fingerprint}.{task_id}", "abcdef01.task_1"),
        ("{tile}-{animal}-{cref}", "true-none-none"),
        ("con/{id}", "_con/fox"),
        ("{{{id}}}", "{fox}"),
        ("images/{id}. ", "images/fox"),
    ],
)
def test_fields_of_a_template(template: str, stem: str) -> None:
    assert name(template) == stem


@pytest.mark.parametrize(
    "billing_key, shown",
    [
        ("midjourney@imagine", "none"),
        ("midjourney@imagine-fast", "none"),
        ("midjourney@imagine-v6.1", "6.1"),
        ("midjourney@imagine-v8.1-turbo", "8.1"),
        ("midjourney@imagine-niji6-fast", "niji6"),
    ],
)
def test_the_version_is_that_of_the_bill(billing_key: str, shown: str) -> None:
    assert name("{version}", billing_key=billing_key) == shown


def test_what_a_matrix_sets_is_a_field() -> None:
    changes: dict[str, Any] = {
        "fields": {"size": "16:9", "stylize": None},
        "variables": {"animal": "../owl"},
    }
    assert name("{animal}/{size}-{stylize}", **changes) == "_owl/16_9-none"


@pytest.mark.parametrize(
    "prompt, slug",
    [
        ("", "none"),
        ("https://a.example/b.png A fox --ar 1:1", "a-fox"),
        ("!!!", "!!!"),
        ("狐" * 100, "狐" * 20),
        ("long " * 100, "-".join(["long"] * 12)),
    ],
)
def test_the_prompt_is_a_short_slug(prompt: str, slug: str) -> None:
    assert name("{prompt}", body={"prompt": prompt}) == slug


def test_copies_have_names_that_do_not_depend_on_who_comes_first() -> None:
    assert name("{id}-{index}", copy=2) == "fox-copy2-1"
    assert name("{prompt}/{index}", copy=2) == "a-fox-2-owls/1-copy2"
    assert name("{id}-{copy}-{index}", copy=2) == "fox-2-1"


@pytest.mark.parametrize(
    "template, words",
    [
        ("{", "is broken"),
        ("{id", "is broken"),
        ("id}", "is broken"),
        ("same", "gives every image one name"),
        ("", "gives every image one name"),
        ("{{id}}", "gives every image one name"),
        ("{}", "a field is `{id}`"),
        ("{id!r}", "a field is `{id}`"),
        ("{id:>30}", "a field is `{id}`"),
        ("{index:30}", "a field is `{id}`"),
        ("../{id}", "stays there"),
        ("/{id}", "stays there"),
        ("{id}/", "stays there"),
        ("{id}/ . /x", "stays there"),
        ("a\\{id}", "folders end with a `/`"),
        ("a/" * 9 + "{id}", "at most 8"),
    ],
)
def test_templates_that_cannot_be_used(template: str, words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        check_template(template)


def test_an_unknown_field_says_what_there_is() -> None:
    with pytest.raises(TemplateError) as caught:
        check_naming("{anmial}-{index}", [job(variables={"animal": "fox"})])
    assert str(caught.value) == (
        "the file name template '{anmial}-{index}' asks for {anmial}; there is {id}, {index},"
        " {copy}, {seed}, {version}, {fingerprint}, {task_id}, {prompt}, {animal}, {tile}."
        " Did you mean {animal}?"
    )
    for attribute in ("{id.__class__}", "{id[0]}"):
        with pytest.raises(TemplateError):
            check_naming(attribute, [job()])


VALUES = st.one_of(
    st.text(max_size=40),
    st.text("./\\: ~-\u202e", max_size=6),
    st.sampled_from(["CON", "nul.txt", "com1", "..", "狐" * 300, "e\u0301", "A" * 900]),
)


@given(
    st.lists(
        st.lists(
            st.sampled_from([*(f"{{{field}}}" for field in TEMPLATE_FIELDS), "{x}", "a", ".", "é"]),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=4,
    ),
    VALUES,
    VALUES,
    VALUES,
    st.integers(1, 100),
)
def test_every_name_is_safe_on_every_file_system(
    folders: list[list[str]], shown: str, prompt: str, value: str, copy: int
) -> None:
    template = "/".join("".join(parts) for parts in folders)
    try:
        check_template(template)
    except TemplateError:
        return
    one = job(id=shown, body={"prompt": prompt}, variables={"x": value}, copy=copy)
    found = list(islice(image_stems(template, one, asset()), 4))
    assert len({stem_key(stem) for stem in found}) == 4
    for stem in found:
        parts = stem.split("/")
        assert len(parts) == len(folders)
        assert all(is_safe(part) for part in parts), stem


@given(st.lists(VALUES, min_size=2, max_size=8), st.sampled_from(["{x}", "{id}/{x}", "{x}/{id}"]))
def test_claimed_names_never_meet(values: list[str], template: str) -> None:
    """Whatever the values, each job finds a name that is another file on every file system."""
    taken: set[str] = set()
    for value in values:
        one = job(variables={"x": value})
        stem = next(s for s in image_stems(template, one, asset()) if stem_key(s) not in taken)
        taken.add(stem_key(stem))
    assert len(taken) == len(values)


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE)
    path = tmp_path / "batch.yaml"
    path.write_text(BATCH)
    return path


def submit(batch: Path, out: Path, *more: str) -> int:
    return run(["submit", str(batch), "--out", str(out), "--sandbox", "--yes", *more])


def images(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*.png"))


def test_ids_and_files_of_a_matrix_copies_and_rows(batch: Path, out: Path) -> None:
    assert submit(batch, out) == 0
    ids = [
        *("fox-fox-100", "fox-fox-750", "fox-snow-hare-100", "fox-owl"),
        *(
            f"{name}-copy2"
            for name in ("fox-fox-100", "fox-fox-750", "fox-snow-hare-100", "fox-owl")
        ),
        *("_CON", "_nul.txt"),
    ]
    assert images(out) == sorted(f"{name}-{n}.png" for name in ids for n in range(1, 5))
    sidecar = json.loads((out / "fox-owl-copy2-3.json").read_text())
    assert (sidecar["id"], sidecar["copy"], sidecar["image"]) == ("fox-owl", 2, 3)


def test_a_new_order_a_new_value_and_a_new_row_buy_only_what_is_new(
    batch: Path, out: Path, tmp_path: Path
) -> None:
    assert submit(batch, out) == 0
    before = keys(out)
    text = BATCH.replace("[fox, snow hare]", "[crow, snow hare, fox]")
    text = text.replace("copies: 2", "copies: 3")
    head, jobs = text.split("jobs:\n")
    first, second = jobs.split("  - rows")
    batch.write_text(f"{head}jobs:\n  - rows{second}{first}")
    (tmp_path / "people.csv").write_text(f"{PEOPLE}pilot,,\n")
    assert submit(batch, out) == 0
    after = keys(out)
    assert before.keys() <= after.keys()
    assert all(after[key] == task for key, task in before.items())
    new = sorted(key.partition("#")[0] for key in after.keys() - before.keys())
    assert new[0].startswith("a-portrait-of-pilot-")
    assert new[1:] == sorted(
        ["fox-crow-100", "fox-crow-750"] * 3
        + ["fox-fox-100", "fox-fox-750", "fox-owl", "fox-snow-hare-100"]
    )


def keys(out: Path) -> Mapping[str, str]:
    """The task of each job that the folder holds, by id and copy."""
    from mjspec.dispatch.export import export

    rows = [json.loads(line) for line in export(out, "jsonl")]
    return {f"{row['id']}#{row['copy']}": row["task_id"] for row in rows}


def test_the_folder_keeps_its_template(
    batch: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = "{animal}/v{version}-{seed}-{copy}-{index:02}"
    assert submit(batch, out, "--name", template) == 0
    assert "fox/v7-none-1-01.png" in images(out)
    assert "none/v7-7-1-04.png" in images(out)
    batch.write_text(BATCH.replace("[fox, snow hare]", "[fox, snow hare, crow]"))
    assert submit(batch, out) == 0
    assert "crow/v7-none-2-04.png" in images(out)
    assert run(["resume", "--out", str(out), "--sandbox"]) == 0
    batch.write_text("prompt: a fox\n")
    capsys.readouterr()
    assert submit(batch, out) == 2
    assert "asks for {animal}; there is" in (said := capsys.readouterr().err)
    assert "of an earlier run in this folder; `--name` gives another" in said
    assert submit(batch, out, "--name", "{id}-{index}") == 0


def test_an_interrupted_run_goes_on_under_the_same_names(
    make_jobs: Any, make_runner: Any, out: Path
) -> None:
    runner = make_runner(template="{prompt}/{index}", max_cost=0)
    assert runner.run(make_jobs(1)).exit_code == 3
    assert make_runner(max_cost=10_000_000).resume().exit_code == 0
    assert images(out) == [f"a-fox-0/{n}.png" for n in range(1, 5)]


def test_a_wrong_template_is_refused_before_anything_is_asked_or_made(
    batch: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for template in ("{anmial}-{index}", "../{id}", "{"):
        assert run(["submit", str(batch), "--out", str(out), "--name", template]) == 2
        assert "the file name template" in capsys.readouterr().err
    assert not out.exists()


def test_all_images_of_one_name_are_kept(batch: Path, out: Path) -> None:
    """A template may give many images one name; each has a file and a sidecar of its own."""
    out.mkdir()
    (out / "V7.PNG").write_bytes(b"mine")
    assert submit(batch, out, "--name", "v{version}") == 0
    assert (out / "V7.PNG").read_bytes() == b"mine"
    stems_here = [Path(path).stem for path in images(out)]
    assert len({stem_key(stem) for stem in stems_here}) == 40
    assert all((out / f"{stem}.json").is_file() for stem in stems_here)
