"""`python -m tests.benchmarks`: one table of what mjspec takes, beside what its peers take."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.growth import grown
from tests.benchmarks.measure import compiled_code
from tests.benchmarks.page import machine, write
from tests.benchmarks.peers import PINNED, move_in
from tests.benchmarks.rows import ROWS
from tests.benchmarks.setting import Setting, read_prompts
from tests.benchmarks.shapes import shaped
from tests.benchmarks.table import HEAD, Row, Sample, cells, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="only this row, or those that begin with it and a dash",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes; figures mean little")
    parser.add_argument(
        "--growth", action="store_true", help="how time and memory grow, instead of the table"
    )
    parser.add_argument("--most", type=int, default=1_000_000, help="the most prompts of --growth")
    parser.add_argument(
        "--prompts", type=Path, metavar="FILE", help="real prompts, one a line or JSON Lines"
    )
    parser.add_argument("--write", action="store_true", help="put the result into CONTRIBUTING.md")
    return parser.parse_args()


def chosen(names: Sequence[str]) -> list[Row]:
    """The rows with these names."""
    rows = [
        row
        for row in ROWS
        if not names or any(row.name == name or row.name.startswith(f"{name}-") for name in names)
    ]
    if not rows:
        raise SystemExit(f"no such row; there are {', '.join(row.name for row in ROWS)}")
    return rows


def measured(rows: Iterable[Row], setting: Setting) -> dict[str, Sample]:
    """A sample for each row; rows that share a run are measured once."""
    samples: dict[str, Sample] = {}
    for row in rows:
        if row.name not in samples:
            samples |= row.measure(setting)
        shown = " ".join(filter(None, cells(row, samples[row.name])))
        print(shown, file=sys.stderr, flush=True)
    return samples


def main() -> int:
    """Exit code 1 if a row is short of what it must reach; sizes that are too small judge nothing."""
    given = arguments()
    rows = chosen(given.only)
    if any(row.peer in PINNED for row in rows) and not given.growth:
        move_in()
    prompts = read_prompts(given.prompts)
    with tempfile.TemporaryDirectory(prefix="mjspec-bench-") as name:
        compiled_code(Path(name))
        setting = Setting(folder=Path(name), prompts=prompts, quick=given.quick)
        if given.growth:
            tables = {"growth": grown(setting, given.most), "shapes": shaped(setting)}
        else:
            samples = measured(rows, setting)
            tables = {"benchmarks": (HEAD, [cells(row, samples[row.name]) for row in rows])}
    print(f"{machine()}, {len(prompts):,} real prompts")
    for mark, (head, lines) in tables.items():
        print(f"\n{plain(head, lines)}")
        if given.write:
            write(mark, head, lines)
    short = any(line[-1].split(",")[0] == "short" for _, lines in tables.values() for line in lines)
    return 1 if short and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
