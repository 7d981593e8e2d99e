"""Processes and functions, by the clock, the processor and the memory, ours and the peer's in turn."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.table import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A child's peak memory is counted from what its parent had, so a small process starts each one.
LAUNCH = """
import json, os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(child.pid, 0)
child.returncode = code = os.waitstatus_to_exitcode(status)
wall = time.perf_counter() - start
with open(sys.argv[1], "w") as file:
    json.dump([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code], file)
"""


class Cost(NamedTuple):
    """What a process took."""

    wall: float
    processor: float
    memory: float
    "Megabytes at most; of several processes, those of the largest."
    code: int
    "The exit code; -9 also for one that was given up."
    said: str = ""
    "What it wrote to standard error."


def compiled_code(folder: Path) -> None:
    """Makes each process that follows use compiled byte code, as installed programs do."""
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH"):
        os.environ.pop(name, None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")


def run(*command: str, out: Path | None = None, timeout: float = 3600) -> Cost:
    """Runs a command, its output to a file or to nowhere."""
    with (
        tempfile.NamedTemporaryFile() as result,
        tempfile.TemporaryFile() as said,
        (out or Path(os.devnull)).open("wb") as stdout,
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", LAUNCH, result.name, *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=said,
            start_new_session=True,
        ) as launcher,
    ):
        try:
            launcher.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(launcher.pid, signal.SIGKILL)
            return Cost(timeout, timeout, 0.0, -9)
        said.seek(0)
        cost = json.loads(Path(result.name).read_text(encoding="ascii"))
        return Cost(*cost, said.read().decode(errors="replace"))


def processes(
    ours: Sequence[str], theirs: Sequence[str], rounds: int, *, by_clock: bool = False
) -> Sample:
    """Two commands in turn, in seconds, after one run of each that is not counted."""
    run(*ours)
    run(*theirs)
    pairs = [(run(*ours), run(*theirs)) for _ in range(rounds)]
    mine = tuple(one.wall if by_clock else one.processor for one, _ in pairs)
    others = tuple(two.wall if by_clock else two.processor for _, two in pairs)
    ratios = tuple(b / a for a, b in zip(mine, others, strict=True))
    return Sample(ours=mine, theirs=others, ratios=ratios)


def rate(function: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second."""
    start = time.process_time()
    for text in texts:
        # The peers refuse many real prompts.
        with contextlib.suppress(Exception):
            function(text)
    return len(texts) / (time.process_time() - start)


def rates(
    ours: Callable[[str], object],
    theirs: Callable[[str], object],
    texts: Sequence[str],
    rounds: int,
    peer_texts: Sequence[str] | None = None,
) -> Sample:
    """Two functions in turn, in texts a second."""
    peer_texts = peer_texts or texts
    rate(ours, texts)
    rate(theirs, peer_texts)
    pairs = [(rate(ours, texts), rate(theirs, peer_texts)) for _ in range(rounds)]
    mine, others = zip(*pairs, strict=True)
    return Sample(ours=mine, theirs=others, ratios=tuple(a / b for a, b in pairs))
