"""What comments hide in one file, and which of them hide nothing."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix
from mjspec.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from mjspec.directives import Directive, Name
    from mjspec.source import Source

__all__ = ["BEYOND", "Suppressions"]

BEYOND = frozenset({rules.DUPLICATE_JOB.name, rules.DUPLICATE_ID.name})
"""Rules that compare files with each other: whether they find something depends on what is read."""

_EVERY = frozenset(rules.RULES)
_SELF = rules.UNUSED_SUPPRESSION.name


class _Mark:
    """A name of a directive, and whether it has hidden anything so far."""

    __slots__ = ("directive", "name", "rules", "used")

    def __init__(self, directive: Directive, name: Name | None) -> None:
        self.directive = directive
        self.name = name
        self.rules = name.rules if name else _EVERY
        self.used = False


class _Group:
    """Everything that is hidden in one range of the text."""

    __slots__ = ("_by_rule", "end", "marks", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.marks: list[_Mark] = []
        self._by_rule: dict[str, _Mark | None] = {}

    def add(self, directive: Directive) -> None:
        """Take what one more comment hides here."""
        named = directive.names or (None,)
        self.marks += [_Mark(directive, name) for name in named]
        self.start = min(self.start, directive.span.start)

    def hides(self, rule: str) -> bool:
        """Whether findings of a rule are hidden; the first name that says so has been used."""
        if rule not in self._by_rule:
            named = (mark for mark in self.marks if rule in mark.rules)
            self._by_rule[rule] = next(named, None)
        mark = self._by_rule[rule]
        if mark is not None:
            mark.used = True
        return mark is not None


class Suppressions:
    """The comments of one file that hide findings.

    Attributes:
        source: The file.
        found: What is wrong with the comments themselves.
        complete: Whether all of the file could be read, so that what hides nothing is known.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.complete = True
        self._file = _Group(0, len(source.text))
        self._by_range: dict[Span, _Group] = {}
        self._nowhere = _Group(0, 0)
        self._groups: list[_Group] = []
        self._starts: list[int] = []
        # Ranges may overlap in YAML; this is how far those up to each of them reach.
        self._reach: list[int] = []

    def add(self, directive: Directive, covered: Span | None) -> None:
        """Take a comment.

        Args:
            directive: What it says.
            covered: What it speaks for, if not for the file; None if nothing follows it.
        """
        if directive.file:
            self._file.add(directive)
        elif covered is None:
            self._nowhere.add(directive)
        else:
            if covered not in self._by_range:
                self._by_range[covered] = _Group(*covered)
            self._by_range[covered].add(directive)

    def close(self) -> None:
        """Make ready for questions; nothing is added afterwards."""
        self._groups = sorted(self._by_range.values(), key=lambda group: group.start)
        self._starts = [group.start for group in self._groups]
        self._reach = list(accumulate((group.end for group in self._groups), max))

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding in this file is hidden; it counts as a use of what hides it."""
        rule, offset = diagnostic.rule.name, diagnostic.location.span.start
        if self._file.hides(rule):
            return True
        index = bisect_right(self._starts, offset) - 1
        while index >= 0 and self._reach[index] >= offset:
            group = self._groups[index]
            if offset <= group.end and group.hides(rule):
                return True
            index -= 1
        return False

    def unused(self, reported: AbstractSet[str], *, last: bool) -> list[Diagnostic]:
        """The comments, or single names in them, that have hidden nothing.

        A name whose rule is not reported in this run, or sees more than this file, is not judged.

        Args:
            reported: The rules that are reported in the file.
            last: Whether to judge the comments that may hide these findings too, which is known
                only when the others are told, instead of the others.
        """
        if not self.complete:
            return []
        result = []
        for directive, marks in self._by_directive():
            if last is not any(_SELF in mark.rules for mark in marks):
                continue
            idle = [
                m for m in marks if not m.used and m.rules <= reported and not m.rules <= BEYOND
            ]
            if len(idle) == len(marks) and len(directive.places) == len(directive.names):
                result.append(self._comment(directive))
            else:
                result += [self._name(directive, m.name) for m in idle if m.name is not None]
        return result

    def _by_directive(self) -> Iterator[tuple[Directive, list[_Mark]]]:
        for group in (self._file, *self._groups, self._nowhere):
            directive: Directive | None = None
            marks: list[_Mark] = []
            for mark in group.marks:
                if directive is not None and mark.directive is not directive:
                    yield directive, marks
                    marks = []
                directive = mark.directive
                marks.append(mark)
            if directive is not None:
                yield directive, marks

    def _comment(self, directive: Directive) -> Diagnostic:
        if not directive.names:
            message = "nothing is found in this file, so the comment hides nothing"
        elif any(mark.directive is directive for mark in self._nowhere.marks):
            message = "there is nothing in the next line that this comment could speak for"
        else:
            named = _listed(f"`{name.text}`" for name in directive.names)
            message = f"{named} is not found here, so the comment hides nothing"
        return self._finding(directive.span, message, "remove the comment", directive.removal)

    def _name(self, directive: Directive, name: Name) -> Diagnostic:
        index = directive.places.index(name.span)
        if index + 1 < len(directive.places):
            removal = Span(name.span.start, directive.places[index + 1].start)
        else:
            removal = Span(directive.places[index - 1].end, name.span.end)
        message = f"`{name.text}` is not found here, so naming it hides nothing"
        return self._finding(name.span, message, "remove the name", removal)

    def _finding(self, span: Span, message: str, fix: str, removal: Span) -> Diagnostic:
        rule = rules.UNUSED_SUPPRESSION
        edit = Edit(Location(self.source, removal), "")
        place = Location(self.source, span)
        return Diagnostic(rule, rule.severity, message, place, fix=Fix(fix, "safe", (edit,)))


def _listed(names: Iterable[str]) -> str:
    return " or ".join(names)
