"""What ``mjspec lint`` looks at: every input under its configuration, target and baseline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.config import config_for
from mjspec.jobs.pipeline import Findings
from mjspec.linting.batches import lint_input
from mjspec.linting.memory import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.sources import Sources
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.pipeline import Options
    from mjspec.linting.baseline import Screen
    from mjspec.linting.batches import Batch
    from mjspec.reading.inputs import Input
    from mjspec.report import Tally

__all__ = ["Linter"]


@dataclass(slots=True)
class Linter:
    """One run of the command.

    Attributes:
        sources: What the command line names.
        target: The version that every prompt is checked against, by any of its names.
        baseline: The baseline that the command line names.
        everything: Whether what is in a baseline is reported, too.
        jobs: How many processes there may be.
        parts: Whether large files may come in parts.
        given: What is looked at instead of the sources, where those can be read only once.
    """

    sources: Sources
    target: str | None = None
    baseline: Path | None = None
    everything: bool = False
    jobs: int = 1
    parts: bool = True
    given: list[Input] | None = None
    _screens: dict[Path, Screen] = field(default_factory=dict)

    def check(self) -> None:
        """Look at the options before anything is read.

        Raises:
            click.UsageError: The target is no version for any of the sources.
            FileError: The baseline cannot be read.
            BaselineError: The baseline is none.
        """
        if self.baseline is not None:
            self._screen(self.baseline)
        if self.target is not None:
            paths = [Path(path) for path in self.sources.paths]
            configs = [config_for(path) for path in paths if path.exists()] or [config_for(Path())]
            if not any(config.version(self.target) for config in configs):
                raise _no_version(self.target, configs)

    def findings(self, tally: Tally) -> Iterator[Diagnostic]:
        """All findings, input by input; those of files with a prompt a line as they come.

        What is wrong with what lies over all prompts comes last, once for all of them.
        """
        known, shared = Known(), Findings()
        shared.add(self.sources.found, job=False)
        inputs = self.sources.inputs(parts=self.parts) if self.given is None else self.given
        for source in inputs:
            tally.files += source.source.first_line == 1
            for batch in self.batches(source, known):
                tally.prompts += batch.prompts
                tally.suppressed += batch.suppressed
                tally.baselined += batch.baselined
                yield from self._apart(batch.found, shared) if self.sources.overlay else batch.found
        yield from shared.take()
        tally.unread = len(self.sources.problems)

    def batches(self, source: Input, known: Known, *, again: bool = False) -> Iterator[Batch]:
        """The findings of one input.

        Args:
            source: The input.
            known: What the inputs before it have shown.
            again: Whether the input is looked at more than once, each time with the whole baseline.
        """
        config = self.sources.config(source)
        screen = None
        path = self.baseline or config.baseline
        if path is not None and not self.everything:
            screen = self._screen(path)
            screen = screen.fresh() if again else screen
        return lint_input(source, self._options(source, config), config, known, screen)

    def terms(self, source: Input) -> tuple[Options, Config]:
        """What holds for an input."""
        config = self.sources.config(source)
        return self._options(source, config), config

    def is_apart(self, source: Input) -> bool:
        """Whether nothing but the equal jobs of an input depends on others; comments in it may."""
        file = source.kind != "prompt" and source.overlay is None
        return file and (self.baseline or self.sources.config(source).baseline) is None

    def gone(self) -> int:
        """How many findings of the baselines are no longer there."""
        return sum(screen.gone() for screen in self._screens.values())

    def _apart(self, found: list[Diagnostic], shared: Findings) -> Iterator[Diagnostic]:
        """The findings of an input itself; what ``--spec`` and ``--set`` show is put with its like."""
        over = self.sources.overlaid
        for diagnostic in found:
            if diagnostic.location.source.name in over:
                shared.add([diagnostic])
            else:
                yield diagnostic

    def _options(self, source: Input, config: Config) -> Options:
        options = self.sources.options_for(source)
        if self.target is None:
            return options
        version = config.version(self.target)
        if version is None:
            raise _no_version(self.target, [config])
        return replace(options, assumptions=replace(options.assumptions, target=version))

    def _screen(self, path: Path) -> Screen:
        if path not in self._screens:
            from mjspec.linting.baseline import read_baseline

            self._screens[path] = read_baseline(path)
        return self._screens[path]


def _no_version(name: str, configs: list[Config]) -> click.UsageError:
    from mjspec.cli.command import suggestion
    from mjspec.versions import ALL, VERSIONS, describe

    declared = {number for config in configs for number in config.versions}
    hint = suggestion(name.strip().lower(), [*(version.name for version in VERSIONS), *declared])
    also = f" and, declared, {', '.join(sorted(declared))}" if declared else ""
    return click.UsageError(
        f"--target-version: '{name}' is no version.{hint} There are {describe(ALL)}{also}."
    )
