"""What a run found in all: counts, and the sentence that ends a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mjspec.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.diagnostics import Diagnostic

__all__ = ["Summary", "Tally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of a finished run.

    Attributes:
        files: Sources that were read.
        prompts: Prompts that were looked at.
        errors: Findings of error severity.
        warnings: Findings of warning severity.
        infos: Findings of info severity.
        fixable: Findings with a safe fix.
        unsafely_fixable: Findings with an unsafe fix.
        suppressed: Findings that a comment hides.
        baselined: Findings that the baseline hides.
        unread: Sources that could not be read.
    """

    files: int = 0
    prompts: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    fixable: int = 0
    unsafely_fixable: int = 0
    suppressed: int = 0
    baselined: int = 0
    unread: int = 0

    @property
    def findings(self) -> int:
        """Findings of any severity."""
        return self.errors + self.warnings + self.infos

    def counts(self) -> dict[str, int]:
        """The counts that machine-readable formats carry."""
        return {
            "files": self.files,
            "prompts": self.prompts,
            "errors": self.errors,
            "warnings": self.warnings,
            "infos": self.infos,
        }

    def sentences(self) -> list[str]:
        """What the counts say, one sentence a line; the first is always there."""
        scope = f"{_several(self.prompts, 'prompt')} ({_several(self.files, 'file')})"
        hidden = self._hidden()
        if not self.findings and self.unread:
            return [
                f"Found nothing in {scope}, but {_several(self.unread, 'source')} could not be read."
            ]
        if not self.findings:
            return [f"All checks passed: {scope}.{hidden}"]
        kinds = ((self.errors, "error"), (self.warnings, "warning"), (self.infos, "info"))
        found = _joined([_several(number, kind) for number, kind in kinds if number])
        lines = [f"Found {found} in {scope}.{hidden}"]
        safe, unsafe = self.fixable, self.unsafely_fixable
        if safe:
            more = f" ({unsafe} more with `--unsafe-fixes`)" if unsafe else ""
            lines.append(f"{safe} fixable with `--fix`{more}.")
        elif unsafe:
            lines.append(f"{unsafe} fixable with `--fix --unsafe-fixes`.")
        return lines

    def _hidden(self) -> str:
        kinds = ((self.suppressed, "suppressed"), (self.baselined, "in the baseline"))
        parts = [f"{number} more {what}" for number, what in kinds if number]
        return f" {_joined(parts)}." if parts else ""


class Tally:
    """Counts findings while they pass by, so that nothing has to be kept.

    Attributes:
        files: Sources that were read; counted by whoever reads them.
        prompts: Prompts that were looked at; counted likewise.
        suppressed: Findings that a comment hides; counted likewise.
        baselined: Findings that the baseline hides; counted likewise.
        unread: Sources that could not be read; counted likewise.
    """

    def __init__(self, *, files: int = 0, prompts: int = 0) -> None:
        self.files = files
        self.prompts = prompts
        self.suppressed = 0
        self.baselined = 0
        self.unread = 0
        self._severities = [0] * (max(Severity) + 1)
        self._fixes = {"safe": 0, "unsafe": 0}

    def __getstate__(self) -> tuple[object, ...]:
        """A short form: processes send each other very many."""
        own = (self.files, self.prompts, self.suppressed, self.baselined, self.unread)
        return (*own, self._severities, self._fixes)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """The same again."""
        self.files, self.prompts, self.suppressed, self.baselined, self.unread = state[:5]
        self._severities, self._fixes = state[5:]

    def count(self, diagnostic: Diagnostic) -> None:
        """One more finding."""
        self._severities[diagnostic.severity] += 1
        if diagnostic.fix is not None:
            self._fixes[diagnostic.fix.safety] += 1

    def count_all(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Several more."""
        for diagnostic in diagnostics:
            self.count(diagnostic)

    def add(self, other: Tally) -> None:
        """Everything that another one has counted."""
        self.files += other.files
        self.prompts += other.prompts
        self.suppressed += other.suppressed
        self.baselined += other.baselined
        self.unread += other.unread
        for severity, number in enumerate(other._severities):
            self._severities[severity] += number
        for safety, number in other._fixes.items():
            self._fixes[safety] += number

    def passing(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The same findings, each counted as it is taken."""
        for diagnostic in diagnostics:
            self.count(diagnostic)
            yield diagnostic

    def summary(self) -> Summary:
        """What was counted so far."""
        return Summary(
            files=self.files,
            prompts=self.prompts,
            errors=self._severities[Severity.ERROR],
            warnings=self._severities[Severity.WARNING],
            infos=self._severities[Severity.INFO],
            fixable=self._fixes["safe"],
            unsafely_fixable=self._fixes["unsafe"],
            suppressed=self.suppressed,
            baselined=self.baselined,
            unread=self.unread,
        )


def _several(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
