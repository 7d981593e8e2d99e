"""Jobs from the text of a file, as the command line makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mjspec.jobs.model import Assumptions
from mjspec.jobs.pipeline import Findings, Options, compiled_jobs, examined_jobs
from mjspec.jobs.seen import Seen
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.source import Source
from mjspec.spec.overlay import Overlay, read_overlay, read_set

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.compiler import Compiled, Examined
    from mjspec.jobs.emit import Emit


@dataclass(frozen=True)
class Built:
    """What came of a text."""

    examined: list[Examined]
    jobs: list[Compiled]
    found: list[Diagnostic]

    @property
    def only(self) -> Compiled:
        assert len(self.jobs) == 1, [str(d.message) for d in self.found]
        return self.jobs[0]

    @property
    def names(self) -> list[str]:
        return [d.name for d in self.found]

    @property
    def errors(self) -> list[str]:
        return [d.name for d in self.found if str(d.severity) == "error"]

    def messages(self, name: str) -> list[str]:
        return [d.message for d in self.found if d.name == name]

    def marked(self, name: str) -> list[str]:
        """The characters that findings of a name point at."""
        return [d.location.text for d in self.found if d.name == name]


def build(
    text: str,
    *,
    kind: str = ".yaml",
    specs: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
    emit: Emit = "structured",
    folder: Path = Path(),
    assumptions: Assumptions | None = None,
    most_jobs: int = 10_000,
) -> Built:
    place = Place(folder, folder)
    problems: list[Diagnostic] = []
    overlay = None
    if specs or sets:
        read = [
            read_overlay(Source(f"spec{n}.yaml", s), place, problems) for n, s in enumerate(specs)
        ]
        entries = [read_set(s, problems) for s in sets]
        overlay = Overlay(
            tuple(layer for defaults, _, _ in read for layer in defaults),
            tuple(layer for _, fields, _ in read for layer in fields),
            {entry.key.text: entry for entry in entries if entry},
            {name: value for _, _, values in read for name, value in values.items()},
            tuple(problems),
        )
    name = str(folder / f"batch{kind}")
    source = Input(Source(name, text), kind, place, overlay)
    findings = Findings()
    findings.add(problems, job=False)
    options = Options(assumptions or Assumptions(), most_jobs)
    made = list(compiled_jobs(examined_jobs(source, options, findings), emit, findings, Seen()))
    return Built([e for e, _ in made], [c for _, c in made if c is not None], findings.take())


Build = Callable[..., Built]


@pytest.fixture(scope="session", name="build")
def _build() -> Build:
    return build
