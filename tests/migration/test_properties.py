"""What holds for every prompt and version: no words are lost, no error is new, and it ends."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import mjspec
from mjspec.versions import VERSIONS

LINK = "https://x.example/a.png"
PIECES = (
    *(
        "a fox",
        "snow",
        "::",
        "::2",
        "::-1",
        LINK,
        "{red, blue}",
        "{a, b --stop 50}",
        '"',
        "\\",
        ",",
    ),
    *("--ar 1:1", "--ar 5:1", "--v 6.1", "--v 7", "--v", "--v9", "--niji 6", "--niji", "—v 5"),
    *("--{v 5, niji}", "--v {5, 6}", "--no a, b", "--s 2500", "--s 50", "--style raw", "--raw"),
    *("--style cute", "--stop 50", "--stop 100", "--q .25", "--q 2", "--hd", "--draft", "--tile"),
    *(f"--cref {LINK}", f"--cref {LINK} {LINK}::2", "--cw 40", "--cw 100", f"--oref {LINK}"),
    *("--ow 400", "--sref 1 2::2", "--sw 5", "--sv 6", "--iw 2.5", "--weird 5", "--exp 5", "--sd"),
    *("--test", "--creative", "--upbeta", "--hq", "--w 512", "--h 768", "--vibe", "--custom 3"),
    *("--wallpaper", "--fast", "--p", "words", "--c {5, 6}", "--edit", "--dref", "$x", "#"),
)
PROMPTS = st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join) | st.text(max_size=40)
NAMES = st.sampled_from([version.name for version in VERSIONS])


def errors(text: str) -> Counter[str]:
    found = mjspec.lint(text)
    return Counter(d.name for d in found if d.severity is mjspec.Severity.ERROR)


@settings(max_examples=150, deadline=None)
@given(PROMPTS, NAMES, st.booleans())
def test_a_prompt_is_migrated_once_or_told(text: str, to: str, unsafe: bool) -> None:
    done = mjspec.migrate(text, to, unsafe=unsafe)

    again = mjspec.migrate(done.text, to, unsafe=unsafe)
    assert again.text == done.text
    assert set(errors(done.text)) <= set(errors(text))
    assert (done.held == 1) == bool(done.findings)
    if done.held:
        assert done.text == text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ".join),
        min_size=1,
        max_size=3,
    ),
    NAMES,
    st.booleans(),
)
def test_only_jobs_of_a_spec_change(prompts: list[str], to: str, unsafe: bool) -> None:
    jobs = "".join(
        f"  - prompt: {json.dumps(prompt)}  # kept {index}\n    stop: {50 + 50 * (index % 2)}\n"
        for index, prompt in enumerate(prompts)
    )
    text = f"# first\ndefaults: {{version: 6.1}} # house\njobs:\n{jobs}# last\n"

    def migrated(old: str) -> str:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "batch.yaml"
            path.write_bytes(old.encode())
            return mjspec.migrate(path, to, unsafe=unsafe).text

    new = migrated(text)
    assert migrated(new) == new
    assert new.startswith("# first\n")
    assert new.endswith("# last\n")
    assert [f"# kept {index}\n" in new for index in range(len(prompts))] == [True] * len(prompts)
