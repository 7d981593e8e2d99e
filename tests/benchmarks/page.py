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
    """Puts a table between ``<!-- mark -->`` and ``<!-- /mark -->``."""
    text = PAGE.read_text(encoding="utf-8")
    opening, closing = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    if opening not in text or closing not in text:
        raise SystemExit(f"{PAGE.name} has no {opening} and {closing}")
    peers = ", ".join(f"{name} {version}" for name, version in PINNED.items())
    today = dt.datetime.now(tz=dt.UTC).date()
    caption = f"{today}, {machine()}." + (f" Peers: {peers}." if mark == "benchmarks" else "")
    before, rest = text.split(opening)
    after = rest.split(closing)[1]
    table = markdown(head, lines)
    fresh = f"{before}{opening}\n{caption}\n\n{table}\n{closing}{after}"
    PAGE.write_text(fresh, encoding="utf-8")


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
