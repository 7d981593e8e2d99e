"""What is wrong with one state of a document: the command line's findings, for an editor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.config import Config, config_for, forget_configs
from mjspec.diagnostics import MjspecError
from mjspec.formatting.reformat import reformat
from mjspec.jobs.pipeline import MOST_JOBS, Options
from mjspec.linting.baseline import read_baseline
from mjspec.linting.batches import lint_input
from mjspec.linting.fixes import fix_text
from mjspec.linting.memory import Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.diagnostics import Diagnostic
    from mjspec.linting.baseline import Screen
    from mjspec.lsp.documents import Document
    from mjspec.source import Source

__all__ = ["LARGEST", "Checked", "Configured", "check", "configured", "fixed", "formatted"]

LARGEST = 8_000_000
"""Characters of a document that is still looked at while it is being written."""


@dataclass(frozen=True, slots=True)
class Configured:
    """The configuration that holds for a document, or why it cannot be used."""

    config: Config
    problem: str | None = None

    @property
    def options(self) -> Options:
        """What holds for all jobs."""
        return Options(self.config.assumptions, self.config.max_jobs or MOST_JOBS)


@dataclass(frozen=True, slots=True)
class Checked:
    """A state of a document and what was found in it.

    Attributes:
        document: The state.
        found: The findings.
        problem: Why the configuration cannot be used, or why the document was not looked at.
    """

    document: Document
    found: tuple[Diagnostic, ...] = ()
    problem: str | None = None


def configured(document: Document) -> Configured:
    """The configuration of the document's folder as it is on the disk now."""
    forget_configs()
    try:
        return Configured(config_for(document.folder or Path()))
    except (MjspecError, OSError) as error:
        return Configured(Config(), str(error))


def check(document: Document, stale: Callable[[], bool] = lambda: False) -> Checked:
    """Look at a document.

    Args:
        document: What to look at.
        stale: Says when nobody wants the answer any more; what was found so far is then given.
    """
    if document.kind is None:
        return Checked(document)
    if len(document.text) > LARGEST:
        name = Path(document.source.name).name
        problem = f"{name} is too large to be checked while you type; `mjspec lint` checks it"
        return Checked(document, problem=problem)
    setup = configured(document)
    if document.path and setup.config.excludes(str(document.path)):
        return Checked(document)
    found: list[Diagnostic] = []
    screen, unusable = _screen(setup.config)
    for batch in lint_input(document.input(), setup.options, setup.config, Known(), screen):
        found += batch.found
        if stale():
            break
    return Checked(document, tuple(found), setup.problem or unusable)


def _screen(config: Config) -> tuple[Screen | None, str | None]:
    """What the project's baseline hides, or why it cannot be used."""
    if config.baseline is None:
        return None, None
    try:
        return read_baseline(config.baseline), None
    except (MjspecError, OSError) as error:
        return None, str(error)


def fixed(document: Document) -> str:
    """The text of a document with every safe fix applied."""
    if document.kind is None or len(document.text) > LARGEST:
        return document.text
    setup = configured(document)

    def findings(text: Source) -> list[Diagnostic]:
        source = replace(document.input(), source=text, found=[])
        screen, _ = _screen(setup.config)
        batches = lint_input(source, setup.options, setup.config, Known(), screen)
        return [diagnostic for batch in batches for diagnostic in batch.found]

    return fix_text(document.source, findings).text


def formatted(document: Document) -> str:
    """The text of a document with its prompts in canonical form, as `mjspec fmt` writes them."""
    if document.kind is None or len(document.text) > LARGEST:
        return document.text
    setup = configured(document)
    return reformat(document.input(), setup.options, setup.config).text
