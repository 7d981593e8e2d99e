"""`mjspec.fmt`'s canonical form against midjargon's parser, on the same prompts in the same run.

python tests/benchmarks/bench_fmt.py [FILE.jsonl ...]

Without files it takes the prompts of tests/data. The form of one prompt is measured, then a whole
file with its safe fixes, as it is at first and once it is formatted. midjargon has to be installed
for the comparison.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.config import Config
from mjspec.formatting import formatting_steps
from mjspec.inputs import Input
from mjspec.pipeline import Options
from mjspec.place import Place
from mjspec.reformat import reformat
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


def prompts(paths: list[str]) -> list[str]:
    """The prompts of JSON Lines files, each in one line."""
    files = [Path(path) for path in paths] or [Path(__file__).parent.parent / "data/prompts.jsonl"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [" ".join(json.loads(line)["prompt"].split()) for line in lines if line.strip()]


def rate(function: Callable[[str], object], texts: list[str]) -> float:
    """Prompts a second."""
    start = time.perf_counter()
    for text in texts:
        # The peer refuses many real prompts.
        with contextlib.suppress(Exception):
            function(text)
    return len(texts) / (time.perf_counter() - start)


def whole(text: str) -> tuple[str, float]:
    """A file's canonical text, and the seconds it took."""
    start = time.perf_counter()
    done = reformat(Input(Source("a.mj", text), ".mj", Place(None, None)), Options(), Config())
    return done.text, time.perf_counter() - start


def main() -> None:
    """Interleaved rounds, so that both see the same machine."""
    texts = prompts(sys.argv[1:])
    texts *= max(1, 3000 // len(texts))
    from midjargon import parse_midjargon_prompt_to_dict as peer

    rate(formatting_steps, texts)
    rate(peer, texts)
    rounds = [(rate(formatting_steps, texts), rate(peer, texts)) for _ in range(ROUNDS)]
    ours, theirs = zip(*rounds, strict=True)
    print(f"{len(texts):,} prompts, {ROUNDS} rounds")
    print(f"canonical form    {statistics.median(ours):>10,.0f}/s")
    print(f"midjargon's parse {statistics.median(theirs):>10,.0f}/s")
    print(f"ratio             {statistics.median(a / b for a, b in rounds):>10.2f}")
    formatted, first = whole("\n".join(texts))
    _, again = whole(formatted)
    print(
        f"a file            {len(texts) / first:>10,.0f}/s   formatted {len(texts) / again:,.0f}/s"
    )


if __name__ == "__main__":
    main()
