"""Merge: the strongest value wins, and what it overrode is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.compiler.conftest import Build

# Each source of a value for `stylize`, weakest first. Those of the command line come as options.
ORDER = ("defaults", "spec defaults", "prompt", "top", "job", "spec", "later spec", "set")


def strongest(build: Build, sources: tuple[str, ...]) -> object:
    def given(source: str, text: str) -> str:
        return text.replace("N", str(ORDER.index(source) + 1)) if source in sources else ""

    text = (
        given("defaults", "defaults: {stylize: N}\n")
        + given("top", "stylize: N\n")
        + f"jobs:\n- prompt: a cat{given('prompt', ' --s N')}\n"
        + given("job", "  stylize: N\n")
    )
    specs = (
        given("spec defaults", "defaults: {stylize: N}\n") + given("spec", "stylize: N\n"),
        given("later spec", "stylize: N\n"),
    )
    sets = (given("set", "stylize=N"),) if "set" in sources else ()
    return build(text, specs=specs, sets=sets).only.request.body.get("stylize")


@pytest.mark.parametrize("weaker", range(len(ORDER)))
def test_every_source_is_stronger_than_those_before_it(weaker: int, build: Build) -> None:
    for stronger in range(weaker, len(ORDER)):
        assert strongest(build, (ORDER[weaker], ORDER[stronger])) == stronger + 1


def test_all_sources_at_once(build: Build) -> None:
    assert strongest(build, ORDER) == len(ORDER)


def test_what_was_overridden_is_kept_in_order(build: Build) -> None:
    text = "defaults: {seed: 1}\nseed: 3\njobs:\n- prompt: a cat --seed 2\n  seed: 4\n"
    built = build(text, sets=("seed=5",))
    chain = built.examined[0].settings["seed"].overrides
    assert [setting.value for setting in chain] == [4, 3, 2, 1]
    assert built.marked("overridden-by-field") == ["--seed 2"]


@pytest.mark.parametrize(
    ("text", "sets", "expected"),
    [
        ("prompt: a cat\nseed: 3\n", ("seed=null",), None),
        ("prompt: a cat --seed 2\nseed: 3\n", ("seed=null",), 2),
        ("prompt: a cat --seed 2\n", ("seed=null",), 2),
        ("defaults: {seed: 1}\nprompt: a cat\nseed: ~\n", (), None),
        ("defaults: {seed: 1}\nseed: 2\njobs:\n- prompt: a cat\n  seed:\n", (), None),
        ("prompt: a cat\nseed: ~\n", ("seed=7",), 7),
    ],
)
def test_null_unsets_fields_and_defaults_but_no_flag(
    text: str, sets: tuple[str, ...], expected: int | None, build: Build
) -> None:
    assert build(text, sets=sets).only.request.body.get("seed") == expected


MODELS = [
    # prompt, fields, billing key or error
    ("a --v 6.1", "", "v6.1"),
    ("a --v 6.1", "version: 7", "v7"),
    ("a --niji 6", "version: 7", "v7"),
    ("a --niji 6", "version: 7\nniji: true", "niji7"),
    ("a --niji 6", "niji: false", ""),
    ("a --niji 6", "niji: true", "niji6"),
    ("a --niji 6", "niji: false\nversion: 6.1", "v6.1"),
    ("a --v 6", "niji: true", "niji6"),
    ("a --v 6", "niji: false", "v6"),
    ("a --v 6.1", "niji: true", "unknown-version"),
    ("a", "niji: true", "niji"),
    ("a --niji", "", "niji"),
    ("a", "niji: true\nversion: 6", "niji6"),
    ("a", "version: 6.0", "v6"),
    ("a --v 6.0", "", "v6"),
    ("a --v 5.0", "", "v5"),
    ("a --v 8.0", "", "v8"),
    ("a", "version: 6.10", "unknown-version"),
    ("a --v 7 --niji 6", "", "conflicting-parameters"),
    ("a --v 6", "defaults: {niji: true, version: 7}", "v6"),
    ("a --niji 6", "defaults: {version: 7}", "niji6"),
    ("a", "defaults: {niji: true, version: 6}", "niji6"),
    ("a", "defaults: {niji: true}\nversion: 6", "niji6"),
    ("a", "defaults: {niji: true, version: 6}\nniji: false", "v6"),
    ("a --v 6", "version: ~", "v6"),
    ("a", "defaults: {version: 7}\nversion: ~", ""),
    ("a --hd", "", "v8.1"),
    ("a", "hd: true", "v8.1"),
]


@pytest.mark.parametrize(("prompt", "fields", "expected"), MODELS)
def test_model(prompt: str, fields: str, expected: str, build: Build) -> None:
    built = build(f"prompt: {prompt}\n{fields}\n")
    if expected in ("unknown-version", "conflicting-parameters"):
        assert built.errors == [expected]
        return
    key = "midjourney@imagine" + (f"-{expected}" if expected else "")
    assert built.only.billing_key == key, built.names


def test_bare_niji_is_a_warning(build: Build) -> None:
    built = build("prompt: a cat\nniji: true\n")
    assert built.names == ["unverified-version"]
    assert built.only.final_prompt == "a cat --niji"
    assert built.only.request.body == {"prompt": "a cat", "niji": True}


def test_hd_without_version_is_8_1(build: Build) -> None:
    bare, named = build("prompt: a cat --hd\n").only, build("prompt: a cat --hd --v 8.1\n").only
    assert bare.fingerprint == named.fingerprint
    assert bare.final_prompt == named.final_prompt == "a cat --v 8.1 --hd"
    assert bare.request.body == {"prompt": "a cat", "hd": True}
    assert build("prompt: a cat --hd\n", emit="flat").only.request.body == {"prompt": "a cat --hd"}
    assert build("prompt: a cat --hd --stop 50\n").errors == ["unsupported-in-version"]


def test_image_urls_of_the_prompt_come_first_and_each_once(build: Build) -> None:
    text = (
        "prompt: https://a.b/1.png https://a.b/2.png a cat\n"
        "image_urls: [https://a.b/3.png, https://a.b/1.png]\n"
    )
    links = ["https://a.b/1.png", "https://a.b/2.png", "https://a.b/3.png"]
    assert build(text).only.request.body["image_urls"] == links


def test_metadata_merges_key_by_key(build: Build) -> None:
    text = (
        "defaults: {metadata: {a: 0, z: 0}}\nmetadata: {a: 1, b: 1}\n"
        "jobs:\n- prompt: a cat\n  metadata: {b: 2, c: 2}\n"
    )
    built = build(text, specs=("metadata: {d: 3}\n",))
    assert built.only.request.body["metadata"] == {"a": 1, "z": 0, "b": 2, "c": 2, "d": 3}
    assert built.only.fingerprint == build("prompt: a cat\n").only.fingerprint


def test_relax_is_emitted_and_not_billed(build: Build) -> None:
    job = build("prompt: a cat --relax\n")
    assert job.only.request.body == {"prompt": "a cat", "speed": "relax"}
    assert job.only.billing_key == "midjourney@imagine"
    assert job.names == ["speed-in-prompt"]


def test_a_switch_that_is_off_overrides_the_prompt(build: Build) -> None:
    job = build("prompt: a cat --tile --raw\ntile: false\nversion: 7\n").only
    assert job.request.body == {"prompt": "a cat", "version": "7", "raw": True}
    assert job.final_prompt == "a cat --v 7 --raw"


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("prompt: a cat --exp 5\nextra: --exp 7\n", ["extra-conflict"]),
        ("prompt: a cat\nsize: 1:1\nextra: --ar 2:3\n", ["extra-conflict"]),
        ("prompt: a cat\ndefaults: {size: 1:1}\nextra: --ar 2:3\n", ["extra-conflict"]),
        ("prompt: a cat\nspeed: fast\nextra: --turbo\n", ["extra-conflict"]),
        ("prompt: a cat\nniji: true\nversion: 6\nextra: --v 7\n", ["extra-conflict"]),
        ("prompt: a cat\nversion: 7\nextra: --niji 6\n", ["extra-conflict"]),
        ("prompt: a cat --stop 50\nextra: --v 7\n", ["unsupported-in-version"]),
        ("prompt: a cat\nextra: --my-option 5 --other\n", []),
        ("prompt: a cat\nextra: --v 9\n", ["unknown-version"]),
    ],
)
def test_extra_is_checked(text: str, errors: list[str], build: Build) -> None:
    assert build(text).errors == errors


def test_extra_counts_for_the_bill(build: Build) -> None:
    assert (
        build("prompt: a\nextra: --v 6.1 --fast\n").only.billing_key
        == "midjourney@imagine-v6.1-fast"
    )
    assert build("prompt: a\nextra: --niji 6\n").only.billing_key == "midjourney@imagine-niji6"


def test_extra_is_verbatim(build: Build) -> None:
    extra = "--foo   bar  --Baz\t1"
    built = build(f'prompt: a cat --exp 5\nextra: "{extra}"\n')
    assert built.names == []
    assert built.only.request.body["extra"] == f"--exp 5 {extra}"
    assert built.only.final_prompt == f"a cat --exp 5 {extra}"
    tidy = build("prompt: a cat --exp 5\nextra: --foo bar --Baz 1\n").only
    assert tidy.fingerprint == built.only.fingerprint


def test_extra_and_prompt_say_the_same(build: Build) -> None:
    one, two = build("prompt: a\nextra: --exp 5 --v 7\n"), build("prompt: a --v 7.0 --exp 5\n")
    assert one.only.fingerprint == two.only.fingerprint


def test_a_prompt_of_the_command_line_replaces_every_prompt(build: Build) -> None:
    for kind in (".yaml", ".mj"):
        text = "prompt: a cat --v 7\n" if kind == ".yaml" else "a cat --v 7\n"
        assert build(text, kind=kind, sets=("prompt=a dog",)).only.final_prompt == "a dog"


def test_overlays_lie_over_plain_prompts(build: Build) -> None:
    spec = "vars: {r: 2:3}\ndefaults: {stylize: 5, chaos: 5}\nsize: ${r}\n"
    job = build("a cat --s 9 --ar 1:1\n", kind=".mj", specs=(spec,), sets=("seed=1",)).only
    assert job.final_prompt == "a cat --ar 2:3 --s 9 --c 5 --seed 1"


def test_an_error_in_a_spec_keeps_every_job(build: Build) -> None:
    for kind, text in ((".mj", "a cat\na dog\n"), (".yaml", "jobs: [{prompt: a}, {prompt: b}]\n")):
        built = build(text, kind=kind, specs=("sie: 1:1\n",))
        assert built.errors == ["unknown-field"]
        assert built.jobs == []
