"""`parse` against midjargon's parser, which keeps less, on the same prompts in the same run.

python tests/benchmarks/bench_parse.py [FILE.jsonl ...]

Without files it takes the prompts of tests/data. midjargon has to be installed for the comparison.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9


def prompts(paths: list[str]) -> list[str]:
    """The prompts of JSON Lines files."""
    files = [Path(path) for path in paths] or [Path(__file__).parent.parent / "data/prompts.jsonl"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line)["prompt"] for line in lines if line.strip()]


def rate(function: Callable[[str], object], texts: list[str]) -> float:
    """Prompts a second."""
    start = time.perf_counter()
    for text in texts:
        # The peer refuses many real prompts.
        with contextlib.suppress(Exception):
            function(text)
    return len(texts) / (time.perf_counter() - start)


def main() -> None:
    """Interleaved rounds, so that both see the same machine."""
    texts = prompts(sys.argv[1:])
    texts *= max(1, 3000 // len(texts))
    from midjargon import parse_midjargon_prompt_to_dict as peer

    rate(parse, texts)
    rate(peer, texts)
    rounds = [(rate(parse, texts), rate(peer, texts)) for _ in range(ROUNDS)]
    ours, theirs = zip(*rounds, strict=True)
    ratios = sorted(a / b for a, b in rounds)
    print(f"{len(texts):,} prompts, {ROUNDS} rounds")
    print(f"mjspec.parse     {statistics.median(ours):>10,.0f}/s")
    print(f"midjargon 2.2.0  {statistics.median(theirs):>10,.0f}/s")
    print(
        f"ratio            {statistics.median(ratios):>10.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


if __name__ == "__main__":
    main()
