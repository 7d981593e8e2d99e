"""Spec files: what each sentence of the format promises."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.jobs.images import LARGEST_IMAGE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compiler.conftest import Build


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size: 16:9", "16:9"),
        ("version: 6.0", "6"),
        ("version: 7", "7"),
        ("style: off", "off"),
        ("negative_prompt: no", "no"),
        ("seed: 0123", 123),
        ("quality: .5", "0.5"),
        ("quality: 1", "1"),
        ("tile: yes", True),
        ("raw: on", True),
        ("iw: 2.0", 2),
        ("sref: 0123", "0123"),
        ("size: '2:3'", "2:3"),
        ("extra: 1_000", "1_000"),
    ],
)
def test_scalars_are_what_was_typed(field: str, value: object, build: Build) -> None:
    name = field.partition(":")[0]
    built = build(f"prompt: a cat\n{field}\n")
    assert built.examined[0].settings[name].value == value


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("prompt: a\nsize: 16:9\n", ["16:9"]),
        ("prompt: a\nsize: '16:9'\n", []),
        ("prompt: a\nseed: 0123\n", ["0123"]),
        ("prompt: a\nnegative_prompt: no\n", ["no"]),
        ("prompt: a\nversion: 7.0\n", []),
        ("prompt: a\ntile: yes\nversion: 7\n", ["yes"]),
        ("prompt: a ${r}\nvars: {r: 16:9}\n", ["16:9"]),
        ("prompt: a\nmetadata: {when: 12:30}\n", ["12:30"]),
        ("prompt: a\nmatrix: {size: [1:1, 16:9]}\n", ["1:1", "16:9"]),
        ("prompt: 16:9\n", ["16:9"]),
        ("prompt: a cat\nmetadata: {seed: 16}\n", []),
        ("prompt: a\nmetadata: {no: 1, a: 007, b: {on: x}}\n", ["no", "on"]),
        ("prompt: a\nnegative_prompt: 007\n", ["007"]),
        ("prompt: a\nnegative_prompt: true\n", ["true"]),
        ("prompt: a ${r} ${s}\nvars: {r: 6.10, s: 7}\n", ["6.10"]),
        ("prompt: a ${r} ${no}\nmatrix: {r: [007, 7], no: [b]}\n", ["007", "no"]),
    ],
)
def test_ambiguous_scalars(text: str, marked: list[str], build: Build) -> None:
    assert build(text).marked("ambiguous-yaml-scalar") == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("prompt: a\nseed: １２\n", "１２"),
        ("prompt: a\nseed: !!str 5\n", "5"),
        ("prompt: a\ntile: tRue\n", "tRue"),
        ("prompt: a\nmetadata: {k: [1, .inf]}\n", ".inf"),
    ],
)
def test_values_of_another_type(text: str, marked: str, build: Build) -> None:
    built = build(text)
    assert (built.errors, built.marked("wrong-type")) == (["wrong-type"], [marked])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cref: 123\ncw: 50\nversion: 6.1\n", "invalid-value"),
        ("sref: [a]\nsw: 50\nversion: 6.1\n", "wrong-type"),
        ("image_urls: {a: 1}\niw: 1\n", "wrong-type"),
    ],
)
def test_a_reference_that_cannot_be_read_is_not_missing_too(
    text: str, name: str, build: Build
) -> None:
    assert build(f"prompt: a\n{text}").errors == [name]


def test_a_long_value_is_quoted_shortly(build: Build) -> None:
    (message,) = build(f"prompt: a\nseed: {'9' * 1000}\n").messages("wrong-type")
    assert len(message) < 150


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("prompt: a ${x}\nvars:\n  x: b #c\n", ["#c"]),
        ("prompt: a ${x}\nvars:\n  x: b # c\n", []),
        ("prompt: a ${x}\nvars:\n  x: 'b' #c\n", []),
        ("prompt: a ${x}\nmatrix:\n  x:\n  - b #c\n  size:\n  - 1:1 #d\n", ["#c"]),
        ("prompt: a\nnegative_prompt: text #c\n", ["#c"]),
        ("prompt: a #b\n", ["#b"]),
    ],
)
def test_texts_that_a_comment_cuts_off(text: str, marked: list[str], build: Build) -> None:
    assert build(text).marked("comment-in-prompt") == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("prompt: &x cat\n", ["&x"]),
        ("prompt: &x cat\nnegative_prompt: *x\n", []),
        ("prompt: !!str &x cat\n---\nprompt: &x dog\nnegative_prompt: *x\n", ["&x"]),
        ("jobs:\n- &a {prompt: b}\n", []),
        ("prompt: '&x cat'\n", []),
    ],
)
def test_anchors_that_take_a_word(text: str, marked: list[str], build: Build) -> None:
    assert build(text).marked("unused-anchor") == marked


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ('metadata={"a": [1, true], "b": 16:9}', "metadata", {"a": [1, True], "b": "16:9"}),
        ("metadata={a: 1}", "metadata", {"a": 1}),
        (
            "image_urls=[https://a.b/c.png, https://a.b/d.png]",
            "image_urls",
            ["https://a.b/c.png", "https://a.b/d.png"],
        ),
        ("image_urls=https://a.b/c.png", "image_urls", ["https://a.b/c.png"]),
        ("negative_prompt={a, b}", "negative_prompt", "{a, b}"),
    ],
)
def test_set_takes_lists_and_mappings(given: str, field: str, value: object, build: Build) -> None:
    assert build("prompt: a\n", sets=(given,)).only.request.body[field] == value


def test_a_broken_mapping_on_the_command_line_is_told(build: Build) -> None:
    built = build("prompt: a\n", sets=("metadata={a: .inf}",))
    assert built.marked("wrong-type") == [".inf"]
    assert build("prompt: a\n", sets=("metadata={a",)).errors == ["wrong-type"]


def test_tables_have_no_yaml_doubts(build: Build) -> None:
    assert build("prompt,size\na,16:9\n", kind=".csv").names == []


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("prompt: a\n", ["a"]),
        ("prompt: a\n---\nprompt: b\n", ["a", "b"]),
        ("", []),
        ("# nothing\n", []),
        ("defaults: {version: 7}\n", []),
        ("size: 1:1\nvars: {x: 1}\n", []),
        ("prompt: a\njobs: [{}, {prompt: b}]\n", ["a", "b"]),
        ("jobs:\n", []),
        ("jobs: []\n", []),
        ('{"prompt": "a"}', ["a"]),
        ("prompt: |\n  a\n  b\n", ["a b"]),
    ],
)
def test_documents_and_jobs(text: str, prompts: list[str], build: Build) -> None:
    built = build(text)
    assert built.errors == []
    assert [str(job.request.body["prompt"]) for job in built.jobs] == prompts


ERRORS = [
    # text, name, what is pointed at
    ("prompt: a\nsiz: 1:1\n", "unknown-field", "siz"),
    ("prompt: a\nar: 1:1\n", "unknown-field", "ar"),
    ("prompt: a\ndefaults: {sed: 1}\n", "unknown-field", "sed"),
    ("jobs:\n- prompt: a\n  sed: 1\n", "unknown-field", "sed"),
    ("matrix: {x: [1]}\njobs: [{prompt: a}]\n", "unknown-field", "matrix"),
    ("prompt: a\nseed: '5'\n", "wrong-type", "'5'"),
    ("prompt: a\nseed: five\n", "wrong-type", "five"),
    ("prompt: a\ntile: 'yes'\n", "wrong-type", "'yes'"),
    ("prompt: a\nsize: [1, 2]\n", "wrong-type", "[1, 2]"),
    ("prompt: [a]\n", "wrong-type", "[a]"),
    ("prompt: a\nniji: 6\n", "wrong-type", "6"),
    ("prompt: a\nmetadata: 5\n", "wrong-type", "5"),
    ("prompt: a\nimage_urls: [{a: b}]\n", "wrong-type", "{a: b}"),
    ("prompt: a\ncopies: 0\n", "wrong-type", "0"),
    ("prompt: a\nid: [x]\n", "wrong-type", "[x]"),
    ("- prompt: a\n", "wrong-type", "- prompt: a"),
    ("jobs: 5\n", "wrong-type", "5"),
    ("jobs: [5]\n", "wrong-type", "5"),
    ("prompt: a\nvars: 5\n", "wrong-type", "5"),
    ("prompt: a\nvars: {x: [1]}\n", "wrong-type", "[1]"),
    ("prompt: a\nmatrix: 5\n", "wrong-type", "5"),
    ("prompt: a\nmatrix: {seed: 5}\n", "wrong-type", "5"),
    ("prompt: a\nmatrix: {seed: []}\n", "wrong-type", "[]"),
    ("prompt: a ${x}\nmatrix: {x: [[1]]}\n", "wrong-type", "[1]"),
    ("prompt: a\nmatrix: {seed: [1, 2], exclude: [{sed: 1}]}\n", "unknown-field", "sed"),
    ("prompt: a\nspeed: quick\n", "invalid-value", "quick"),
    ("prompt: a\nsize: 16x9\n", "invalid-value", "16x9"),
    ("prompt: a\nchaos: 101\n", "out-of-range", "101"),
    ("prompt: a\nseed: 1\nseed: 2\n", "duplicate-key", "seed"),
    ("prompt: ${x}\n", "unknown-variable", "${x}"),
    ("jobs:\n- id: x\n  size: 1:1\n", "empty-prompt", "id: x"),
    ("jobs:\n- prompt:\n", "empty-prompt", "prompt"),
    ("prompt: a\nextends: none.yaml\n", "invalid-extends", "none.yaml"),
    ("prompt: a\nextends: ../none.yaml\n", "invalid-extends", "../none.yaml"),
    ("prompt: a\nrows: none.csv\n", "invalid-extends", "none.csv"),
    ("prompt: a\nrows: rows.txt\n", "invalid-extends", "rows.txt"),
    ("prompt: a\nrows: [x]\n", "wrong-type", "[x]"),
    ("mjspec: 2\nprompt: a\n", "invalid-value", "2"),
    ("prompt: a\nimage_urls: [https://a.b/c.png, no.png]\n", "invalid-image", "no.png"),
]


@pytest.mark.parametrize(("text", "name", "marked"), ERRORS)
def test_errors_are_told_once_and_at_their_place(
    text: str, name: str, marked: str, build: Build, tmp_path: Path
) -> None:
    built = build(text, folder=tmp_path)
    assert built.errors == [name]
    assert built.marked(name) == [marked]
    assert built.jobs == []


def test_an_error_in_a_job_keeps_only_that_job(build: Build) -> None:
    text = "jobs:\n- {prompt: a, sed: 1}\n- {prompt: b}\n- {prompt: c, seed: x}\n- {prompt: d}\n"
    built = build(text)
    assert built.errors == ["unknown-field", "wrong-type"]
    assert [job.final_prompt for job in built.jobs] == ["b", "d"]


def test_an_error_of_the_file_keeps_the_jobs_of_its_document(build: Build) -> None:
    built = build("sed: 1\njobs: [{prompt: a}, {prompt: b}]\n---\nprompt: c\n")
    assert [job.final_prompt for job in built.jobs] == ["c"]


def test_quotes_around_a_number_have_a_fix(build: Build) -> None:
    built = build('prompt: a\nseed: "0123"\n')
    fix = built.found[0].fix
    assert fix is not None
    assert fix.edits[0].location.text == '"0123"'
    assert fix.edits[0].replacement == "0123"


def test_a_comment_cuts_a_prompt(build: Build) -> None:
    assert build("prompt: a cat, #FF0000 dress\n").marked("comment-in-prompt") == ["#FF0000 dress"]
    assert build("prompt: a cat # a comment\n").names == []
    assert build("prompt: 'a cat, #FF0000 dress'\n").names == []


def test_a_comment_that_is_all_of_a_prompt(build: Build) -> None:
    built = build("prompt: #FF0000 dress\nsize: 3:2\n")
    assert built.errors == ["empty-prompt"]
    assert built.found[0].help == "`#FF0000 dress` is a comment; put the prompt in quotes"


# Variables.


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("vars: {a: cat}\nprompt: a ${a}\n", "a cat"),
        ("vars: {a: cat}\nprompt: a ${ a } $5 $$ ${a}\n", "a cat $5 $$ cat"),
        ("vars: {a: '${b} cat', b: big}\nprompt: a ${a}\n", "a big cat"),
        ("vars: {a: cat}\njobs: [{vars: {a: dog}, prompt: 'a ${a}'}]\n", "a dog"),
        ("vars: {a: cat --ar 2:3}\nprompt: a ${a}\n", "a cat --ar 2:3"),
        ("vars: {s: 50}\nprompt: a cat\nstylize: ${s}\n", "a cat --s 50"),
        ("vars: {t: true}\nprompt: a cat --v 7\ntile: ${t}\n", "a cat --v 7 --tile"),
        ("vars: {empty: }\nprompt: a ${empty} cat\n", "a cat"),
        ("vars: {empty: null, none: ~}\nprompt: a ${empty}${none} cat\n", "a cat"),
        ("vars: {word: 'null'}\nprompt: a ${word} cat\n", "a null cat"),
    ],
)
def test_variables(text: str, prompt: str, build: Build) -> None:
    built = build(text)
    assert built.only.final_prompt == prompt
    assert built.names == []


def test_two_dollars_are_one(build: Build) -> None:
    built = build("prompt: a\nmetadata: {k: 'x $${a} $$'}\n")
    assert built.only.request.body["metadata"] == {"k": "x ${a} $$"}


def test_a_variable_with_a_permutation(build: Build) -> None:
    built = build("vars: {a: '{cat, dog}'}\nprompt: a ${a}\n")
    assert [job.final_prompt for job in built.jobs] == ["a cat", "a dog"]


def test_a_variable_that_leads_to_itself(build: Build) -> None:
    assert build("vars: {a: '${b}', b: '${a}'}\nprompt: ${a}\n").errors == ["unknown-variable"]


def test_every_job_hears_of_an_unknown_variable(build: Build) -> None:
    built = build("vars: {a: '${b}'}\njobs: [{prompt: 'x ${a}'}, {prompt: 'y ${a}'}]\n")
    assert [(found.name, found.jobs) for found in built.found] == [("unknown-variable", 2)]
    assert built.jobs == []


def test_unused_variables(build: Build) -> None:
    built = build("vars: {a: 1, b: 2}\nprompt: ${a}\n")
    assert built.marked("unused-variable") == ["b"]
    misspelt = build("vars: {animal: cat}\nprompt: a ${animl}\n")
    assert misspelt.names == ["unknown-variable"]
    assert "did you mean `${animal}`?" in misspelt.found[0].message


def test_a_finding_in_a_variable_points_at_its_value(build: Build) -> None:
    text = "vars:\n  flags: --ar 16:9 --stilize 5\nprompt: a cat ${flags}\n"
    place = build(text).found[0].location
    assert (place.text, place.start) == ("--stilize", (2, 20))


# Extended files.


def test_extends(build: Build, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "defaults: {chaos: 1, stylize: 1}\nvars: {x: base, unused: 1}\nseed: 1\nweird: 1\n"
        "jobs: [{prompt: never run}]\n"
    )
    (tmp_path / "house.yaml").write_text("extends: base.yaml\ndefaults: {stylize: 2}\nseed: 2\n")
    text = "extends: [house.yaml]\nprompt: a ${x}\nseed: 3\n"
    built = build(text, folder=tmp_path)
    assert built.only.final_prompt == "a base --s 2 --c 1 --w 1 --seed 3"
    assert built.names == []


def test_an_extended_prompt_is_a_job_of_the_file(build: Build, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("prompt: a cat\nseed: 1\n")
    built = build("extends: base.yaml\nseed: 2\n", folder=tmp_path)
    assert built.only.final_prompt == "a cat --seed 2"


def test_extends_in_a_circle(build: Build, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    built = build("extends: a.yaml\nprompt: a\n", folder=tmp_path)
    assert built.errors == ["invalid-extends"]
    assert "circle" in built.found[0].message


def test_errors_of_extended_files_keep_all_jobs(build: Build, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("sed: 1\n")
    built = build("extends: base.yaml\njobs: [{prompt: a}, {prompt: b}]\n", folder=tmp_path)
    assert (built.errors, built.jobs) == (["unknown-field"], [])


def test_paths_that_lead_outside(build: Build, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.yaml").write_text("seed: 1\n")
    (inner / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    for name in ("../secret.yaml", str(tmp_path / "secret.yaml"), "link.yaml", '"\\0"'):
        built = build(f"extends: {name}\nprompt: a\n", folder=inner)
        assert built.errors == ["invalid-extends"], name


# Matrices.

MATRIX = """\
jobs:
- id: fox
  prompt: a ${animal}
  matrix:
    animal: [fox, owl]
    stylize: [100, 750]
    exclude: [{animal: owl, stylize: 750}]
    include: [{animal: hare}]
"""


def test_matrix(build: Build) -> None:
    built = build(MATRIX)
    assert [job.id for job in built.jobs] == [
        "fox-fox-100",
        "fox-fox-750",
        "fox-owl-100",
        "fox-hare",
    ]
    assert [job.final_prompt for job in built.jobs] == [
        "a fox --s 100",
        "a fox --s 750",
        "a owl --s 100",
        "a hare",
    ]
    assert [dict(job.job.variables) for job in built.jobs][1] == {"animal": "fox", "stylize": 750}
    assert {job.job.written for job in built.jobs} == {"fox"}
    assert built.names == []


def test_matrix_over_prompts(build: Build) -> None:
    built = build("id: x\nmatrix:\n  prompt: [a cat, a dog]\n  seed: [1]\n")
    assert [job.final_prompt for job in built.jobs] == ["a cat --seed 1", "a dog --seed 1"]
    assert len({job.id for job in built.jobs}) == 2


def test_matrix_over_lists_and_null(build: Build) -> None:
    text = (
        "id: x\nprompt: a\nstylize: 5\nmatrix:\n  stylize: [~, 7]\n"
        "  image_urls: [[https://a.b/1.png], [https://a.b/2.png]]\n"
    )
    built = build(text)
    assert [job.request.body.get("stylize") for job in built.jobs] == [None, None, 7, 7]
    assert len({job.id for job in built.jobs}) == 4


def test_an_empty_matrix_is_none(build: Build) -> None:
    assert build("prompt: a\nmatrix: {}\n").only.final_prompt == "a"
    assert build("prompt: a\nmatrix:\n").only.final_prompt == "a"


def test_a_row_that_excludes_nothing(build: Build) -> None:
    built = build("prompt: a\nmatrix: {seed: [1, 2], exclude: [{seed: 3}]}\n")
    assert built.marked("unused-variable") == ["3"]
    assert len(built.jobs) == 2


def test_findings_of_a_matrix_are_told_once_with_their_number(build: Build) -> None:
    built = build("prompt: a --stilize 5\nmatrix: {seed: [1, 2, 3]}\n")
    assert [(found.name, found.jobs) for found in built.found] == [("unknown-parameter", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "prompt: '{a, b, c, d}'\n",
        "jobs: [{prompt: a}, {prompt: b}, {prompt: c}, {prompt: d}]\n",
        "prompt: a\nmatrix: {seed: [1, 2, 3, 4]}\n",
        "prompt: a\ncopies: 4\n",
        "prompt: '{a, b}'\nmatrix: {seed: [1, 2]}\n",
        "prompt: '" + "{a, b} " * 50 + "'\n",
    ],
)
def test_too_many_jobs(text: str, build: Build) -> None:
    built = build(text, most_jobs=3)
    assert built.errors == ["too-many-jobs"]
    assert (built.jobs, built.examined) == ([], [])


def test_a_matrix_beyond_all_bounds_ends_at_once(build: Build) -> None:
    axes = "".join(f"  v{n}: [{', '.join(map(str, range(40)))}]\n" for n in range(9))
    text = f"prompt: a\nmatrix:\n{axes}  exclude: [{{v0: 1}}]\n"
    assert build(text).errors == ["too-many-jobs"]


# Ids and equal jobs.


def test_permutations_under_one_id_have_ids_of_their_own(build: Build) -> None:
    one = {job.final_prompt: job.id for job in build("id: x\nprompt: '{a, b}'\n").jobs}
    two = {job.final_prompt: job.id for job in build("id: x\nprompt: '{c, b, a}'\n").jobs}
    assert len(set(two.values())) == 3
    assert one.items() <= two.items()


def test_equal_jobs(build: Build) -> None:
    built = build("jobs: [{prompt: a cat}, {prompt: 'a  cat'}, {prompt: a cat, id: x}]\n")
    assert built.names == ["duplicate-job"]


def test_different_jobs_with_one_id(build: Build) -> None:
    built = build("jobs: [{id: x, prompt: a}, {id: x, prompt: b}, {id: y, prompt: b}]\n")
    assert [(d.name, str(d.severity)) for d in built.found] == [("duplicate-id", "warning")]
    assert len(built.jobs) == 3


def test_ids_from_variables(build: Build) -> None:
    built = build("id: my-${a}\nprompt: ${a}\nmatrix: {a: [x, y]}\n")
    assert [job.id for job in built.jobs] == ["my-x", "my-y"]
    assert build("id:\nprompt: a cat\n").only.id.startswith("a-cat-")


# Tables.


def test_rows_of_csv(build: Build, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        'name,stylize,id,seeed\n"Anna, ""the"" cat",5,anna,\nBen --v 7,,,9\n', encoding="utf-8"
    )
    built = build("id: p\nrows: s.csv\nprompt: ${name}\nstylize: 1\n", folder=tmp_path)
    assert [job.final_prompt for job in built.jobs] == ['Anna, "the" cat --s 5', "Ben --v 7 --s 1"]
    assert built.jobs[0].id == "anna"
    assert built.messages("unknown-field") == [
        "the column `seeed` is never used; did you mean `seed`?"
    ]


def test_rows_without_id_have_the_id_of_their_job(build: Build, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("name,id\nAnna,anna\nBen,\n", encoding="utf-8")
    built = build("id: p\nrows: s.csv\nprompt: ${name}\n", folder=tmp_path)
    assert built.jobs[0].id == "anna"
    assert built.jobs[1].id.startswith("p-")


def test_a_finding_in_a_cell_points_into_the_table(build: Build, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text('name\n"a ""big"" cat --stilize 5"\n', encoding="utf-8")
    built = build("rows: s.csv\nprompt: the ${name}\n", folder=tmp_path)
    place = built.found[0].location
    assert place.source.name.endswith("s.csv")
    assert (place.text, place.start) == ("--stilize", (2, 16))


def test_rows_of_jsonl_with_a_matrix(build: Build, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"name": "a", "seed": 1}, {"name": "b", "metadata": {"k": [1]}}]
    (tmp_path / "s.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    text = "id: x\nrows: s.jsonl\nprompt: ${name}\nmatrix: {chaos: [1, 2]}\n"
    built = build(text, folder=tmp_path)
    assert [job.final_prompt for job in built.jobs] == [
        "a --c 1 --seed 1",
        "a --c 2 --seed 1",
        "b --c 1",
        "b --c 2",
    ]
    assert len({job.id for job in built.jobs}) == 4
    assert built.jobs[3].request.body["metadata"] == {"k": [1]}


@pytest.mark.parametrize(
    ("text", "names", "prompts"),
    [
        ("prompt,seed\na,1\n\nb,\n", [], ["a --seed 1", "b"]),
        ("\ufeffprompt\r\na\r\n", [], ["a"]),
        ("prompt\na,b\nc\n", ["invalid-row"], ["c"]),
        ('prompt\n"a\nb\n', ["invalid-row"], ["b"]),
        ('prompt\n"a\nb"\n', [], ["a b"]),
        ("prompt,seed\na,x\n", ["wrong-type"], []),
        ("prompt,source\na,web\n", [], ["a"]),
        ("prompt,sytle\na,\nb,raw\n", ["unknown-field"], ["a", "b"]),
        ("prompt,title\na,A fox\n", ["unused-variable"], ["a"]),
        ("prompt,no\na,3\n", ["unused-variable"], ["a"]),
        ("prompt,seed,seed\na,1,2\n", ["duplicate-key"], []),
        ("prompt,,\na,,\n", [], ["a"]),
        ("prompt,sytle\na,\n", [], ["a"]),
        ("seed\n1\n", ["empty-prompt"], []),
        ("", [], []),
    ],
)
def test_csv(text: str, names: list[str], prompts: list[str], build: Build) -> None:
    built = build(text, kind=".csv")
    assert built.names == names
    assert [job.final_prompt for job in built.jobs] == prompts


@pytest.mark.parametrize(
    ("text", "names", "prompts"),
    [
        ('{"prompt": "a", "seed": 1}\n\n{"prompt": "b"}\n', [], ["a --seed 1", "b"]),
        ('{"prompt": "a", "source": "web", "licence": {"x": 1}}\n', [], ["a"]),
        ('{"prompt": "a", "sytle": "raw"}\n', ["unknown-field"], ["a"]),
        ('{"prompt": "a"\n{"prompt": "b"}\n', ["invalid-json"], ["b"]),
        ("[1]\n", ["invalid-json"], []),
        ('{"prompt": "a", "seed": "1"}\n', ["wrong-type"], []),
        ('{"prompt": "a", "seed": 1, "seed": 2}\n', ["duplicate-key"], []),
        ('{"prompt": "\\u00e9\\n\\"x\\" --v 7", "tile": true}\n', [], ['é "x" --v 7 --tile']),
        ('{"prompt": "a ${x}", "x": "cat"}\n', [], ["a cat"]),
        ('{"prompt": "a", "seed": null}\n', [], ["a"]),
        ('{"prompt": "a ${x}", "x": null}\n', ["unknown-variable"], []),
        ('{"prompt": "a ${x}", "x": "null"}\n', [], ["a null"]),
    ],
)
def test_jsonl(text: str, names: list[str], prompts: list[str], build: Build) -> None:
    built = build(text, kind=".jsonl")
    assert built.names == names
    assert [job.final_prompt for job in built.jobs] == prompts


def test_a_chain_of_extended_files_has_an_end(build: Build, tmp_path: Path) -> None:
    for n in range(1500):
        (tmp_path / f"{n}.yaml").write_text(f"extends: {n + 1}.yaml\n", encoding="utf-8")
    built = build("extends: 0.yaml\nprompt: a\n", folder=tmp_path)
    assert built.names == ["invalid-extends"]


def test_a_file_that_is_extended_twice_holds_where_it_is_strongest(
    build: Build, tmp_path: Path
) -> None:
    for n in range(40):
        for side in "ab":
            text = f"extends: [a{n + 1}.yaml, b{n + 1}.yaml]\nmetadata: {{{side}{n}: 1}}\n"
            (tmp_path / f"{side}{n}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "a40.yaml").write_text("seed: 1\nchaos: 3\n", encoding="utf-8")
    (tmp_path / "b40.yaml").write_text("seed: 2\n", encoding="utf-8")
    body = build("extends: a0.yaml\nprompt: a\n", folder=tmp_path).only.request.body
    assert (body["seed"], body["chaos"]) == (2, 3)
    assert isinstance(body["metadata"], dict)
    assert len(body["metadata"]) == 79


# Images.


def test_local_images_count_by_content(build: Build, tmp_path: Path) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(80)
    text = base64.b64encode(content).decode()
    (tmp_path / "a.png").write_bytes(content)
    (tmp_path / "b.png").write_bytes(content)
    spellings = ("a.png", "./b.png", f"data:image/png;base64,{text}", text)
    jobs = [build(f"prompt: a\nimage_urls: ['{s}']\n", folder=tmp_path).only for s in spellings]
    assert len({job.fingerprint for job in jobs}) == 1
    assert jobs[0].request.body["image_urls"] == ["a.png"]
    (tmp_path / "a.png").write_bytes(content + b"x")
    changed = build("prompt: a\nimage_urls: a.png\n", folder=tmp_path).only
    assert changed.fingerprint != jobs[0].fingerprint


def test_images_of_extended_files_are_relative_to_them(build: Build, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "a.png").write_bytes(b"x")
    (tmp_path / "house" / "base.yaml").write_text("image_urls: [a.png, https://a.b/c.png]\n")
    built = build("extends: house/base.yaml\nprompt: a\n", folder=tmp_path)
    assert built.only.request.body["image_urls"] == ["house/a.png", "https://a.b/c.png"]


def test_images_that_cannot_be_used(build: Build, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (inner / "link.png").symlink_to(tmp_path / "secret.png")
    (inner / "loop.png").symlink_to(inner / "loop.png")
    with (inner / "large.png").open("wb") as file:
        file.truncate(LARGEST_IMAGE + 1)
    images = ["../secret.png", "link.png", "loop.png", "large.png", "n-" * 150, "blob:x", "none"]
    built = build(f"prompt: a\nimage_urls: [{', '.join(images)}]\n", folder=inner)
    assert built.marked("invalid-image") == images
    with (inner / "large.png").open("wb") as file:
        file.truncate(LARGEST_IMAGE)
    assert build("prompt: a\nimage_urls: large.png\n", folder=inner).errors == []


# Places in every style of scalar.


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("prompt: a cat --stilize 5\n", (1, 15)),
        ("prompt: 'it''s a cat --stilize 5'\n", (1, 22)),
        ('prompt: "a \\u00e9 \\"cat\\" --stilize 5"\n', (1, 27)),
        ("prompt: a cat\n  on a mat\n  --stilize 5\n", (3, 3)),
        ('prompt: "a cat \\\n  on a mat\n\n  --stilize 5"\n', (4, 3)),
        ("prompt: |\n  a cat\n  on a mat --stilize 5\n", (3, 12)),
        ("prompt: >-\n  a cat\n\n  on a mat\n  --stilize 5\n", (5, 3)),
        ("prompt: |2-\n    a cat\n  --stilize 5\n", (3, 3)),
        ("\ufeffprompt: a cat --stilize 5\n", (1, 16)),
        ("prompt: |\r\n  a 🦊\r\n  --stilize 5\r\n", (3, 3)),
        ("x: &p a 🦊 --stilize 5\nprompt: *p\n", (1, 11)),
        ("prompt: !!str a --stilize 5\n", (1, 17)),
    ],
)
def test_findings_in_every_style_point_at_their_characters(
    text: str, start: tuple[int, int], build: Build
) -> None:
    built = build(text)
    places = [d.location for d in built.found if d.name == "unknown-parameter"]
    assert [(place.text, tuple(place.start)) for place in places] == [("--stilize", start)]


def test_images_that_hold_no_picture(build: Build, tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    for image in ("empty.png", "data:text/html;base64,AAAA"):
        built = build(f"prompt: a\nimage_urls: ['{image}']\n", folder=tmp_path)
        assert built.errors == ["invalid-image"]
    assert build("prompt: a\nimage_urls: ['data:image/png;base64,AAAA']\n").jobs


def test_variables_that_grow_without_end_are_told_once(build: Build) -> None:
    lines = "".join(f'  a{n + 1}: "{f"${{a{n}}}" * 10}"\n' for n in range(12))
    built = build(f"vars:\n  a0: xxxxxxxxxx\n{lines}prompt: ${{a12}}\n")
    assert built.names == ["unknown-variable"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("s.csv", "name,light\nfox,\nowl,dusk\n"),
        ("s.jsonl", '{"name": "fox", "light": null}\n{"name": "owl", "light": "dusk"}\n'),
    ],
)
def test_a_gap_in_a_table(name: str, table: str, build: Build, tmp_path: Path) -> None:
    (tmp_path / name).write_text(table, encoding="utf-8")
    text = f"rows: {name}\nprompt: a ${{name}} at ${{light}}\n"
    built = build(text, folder=tmp_path)
    assert built.messages("unknown-variable") == ["`${light}` has no text in this row"]
    note = built.found[0].notes[0].location
    assert note is not None
    assert note.source.name.endswith(name)
    assert built.only.final_prompt == "a owl at dusk"
    filled = build(f"vars: {{light: noon}}\n{text}", folder=tmp_path)
    assert [job.final_prompt for job in filled.jobs] == ["a fox at noon", "a owl at dusk"]
