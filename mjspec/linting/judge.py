"""What of an input's findings is reported, and how severe it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.linting.fitting import Fitting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.linting.baseline import Screen
    from mjspec.linting.suppression import Suppressions
    from mjspec.source import Source

__all__ = ["Judge"]


class Judge:
    """Decides about the findings of one input; what depends only on the file is asked once.

    Attributes:
        suppressed: Findings that a comment hides, so far.
        baselined: Findings that the baseline hides, so far.
    """

    def __init__(
        self, source: Source, kind: str, config: Config, screen: Screen | None = None
    ) -> None:
        self.suppressed = 0
        self.baselined = 0
        self._config = config
        self._screen = screen
        self._source = source
        self._own = _suppressions(source, kind)
        self._reported: dict[str, frozenset[str]] = {}
        # Files that the input names have comments of their own; a source is kept with its answer.
        self._others: dict[int, tuple[Source, Suppressions | None]] = {}
        self._fittings: dict[int, tuple[Source, Fitting]] = {}
        self._kind = kind

    @property
    def commented(self) -> bool:
        """Whether the file has comments that hide findings, or are meant to."""
        return self._own is not None

    def comments(self) -> list[Diagnostic]:
        """What is wrong with the comments that hide findings."""
        return self._pass(self._own.found, hiding=True) if self._own else []

    def judged(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that are reported, each with its severity here and a fix that can be made."""
        return [self._fixable(one) for one in self._pass(found, hiding=True)]

    def unused(self) -> list[Diagnostic]:
        """The comments that have hidden nothing; asked when everything else was judged."""
        if self._own is None:
            return []
        reported = self._rules(self._source.name)
        first = self._pass(self._own.unused(reported, last=False), hiding=True)
        return first + self._pass(self._own.unused(reported, last=True), hiding=False)

    def finish(self) -> None:
        """Tell the baseline that everything in this file has passed."""
        if self._screen is not None:
            self._screen.finish(self._source.name, self._rules(self._source.name))

    def _pass(self, found: Iterable[Diagnostic], *, hiding: bool) -> list[Diagnostic]:
        unchanged = self._own is None and self._screen is None and not self._config.severity
        result = []
        for diagnostic in found:
            source = diagnostic.location.source
            if diagnostic.rule.name not in self._rules(source.name):
                continue
            if unchanged and source is self._source:
                result.append(diagnostic)
                continue
            comments = self._suppressions(source) if hiding else None
            if comments is not None and comments.hides(diagnostic):
                self.suppressed += 1
            elif self._screen is not None and self._screen.hides(diagnostic):
                self.baselined += 1
            else:
                result.append(self._weighed(diagnostic))
        return result

    def _weighed(self, diagnostic: Diagnostic) -> Diagnostic:
        severity = self._config.severity.get(diagnostic.rule.name)
        if severity is None or severity is diagnostic.severity:
            return diagnostic
        return diagnostic._replace(severity=severity)

    def _fixable(self, diagnostic: Diagnostic) -> Diagnostic:
        fix = diagnostic.fix
        if fix is None or self._fitting(fix.edits[0].location.source).takes(fix):
            return diagnostic
        return diagnostic._replace(fix=None)

    def _fitting(self, source: Source) -> Fitting:
        if id(source) not in self._fittings:
            own = source is self._source
            kind = self._kind if own else Path(source.name).suffix.lower()
            self._fittings[id(source)] = source, Fitting(source, kind)
        return self._fittings[id(source)][1]

    def _rules(self, name: str) -> frozenset[str]:
        if name not in self._reported:
            self._reported[name] = self._config.reported(name)
        return self._reported[name]

    def _suppressions(self, source: Source) -> Suppressions | None:
        if source is self._source:
            return self._own
        if id(source) not in self._others:
            kind = Path(source.name).suffix.lower()
            self._others[id(source)] = source, _suppressions(source, kind)
        return self._others[id(source)][1]


def _suppressions(source: Source, kind: str) -> Suppressions | None:
    """The comments that hide findings; most files have none, and cost no import."""
    if "mjspec:" not in source.text:
        return None
    from mjspec.linting.placement import suppressions_in

    return suppressions_in(source, kind)
