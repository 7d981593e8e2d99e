"""The tables in CONTRIBUTING.md, between comments that no reader sees."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.peers import PINNED, ROOT
from tests.benchmarks.table import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = ROOT / "CONTRIBUTING.md"


def write(mark: str, head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Puts a table between ``<!-- mark -->`` and ``<!-- /mark -->``; rows not among it stay."""
    text = PAGE.read_text(encoding="utf-8")
    opening, closing = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    if opening not in text or closing not in text:
        raise SystemExit(f"{PAGE.name} has no {opening} and {closing}")
    peers = ", ".join(f"{name} {version}" for name, version in PINNED.items())
    today = dt.datetime.now(tz=dt.UTC).date()
    caption = f"{today}, {machine()}." + (f" Peers: {peers}." if mark == "benchmarks" else "")
    before, rest = text.split(opening)
    old, after = rest.split(closing)
    table = markdown(head, _with_others(old, lines) if mark == "benchmarks" else lines)
    fresh = f"{before}{opening}\n{caption}\n\n{table}\n{closing}{after}"
    PAGE.write_text(fresh, encoding="utf-8")


def _with_others(old: str, lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The lines of the table that stands there, those that were measured again replaced."""
    fresh = {line[0]: line for line in lines}
    kept = [tuple(cell.strip() for cell in row[1:-1].split("|")) for row in old.split("\n")[5:-1]]
    told = {line[0] for line in kept}
    return [fresh.get(line[0], line) for line in kept] + [x for x in lines if x[0] not in told]


def machine() -> str:
    """The processor, its cores, the system and the Python; nothing that names the machine."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    model = found[1] if found else platform.machine()
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )
