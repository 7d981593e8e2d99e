"""Code actions: the fix of a finding, all safe fixes at once, and the comment that hides a rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from mjspec import rules
from mjspec.lsp.edits import rewritten
from mjspec.lsp.outline import comment_place
from mjspec.lsp.places import YAML

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.lsp.checking import Checked
    from mjspec.lsp.documents import Document
    from mjspec.source import Span

__all__ = ["FIX_ALL", "KINDS", "actions", "edit_of"]

FIX_ALL = "source.fixAll.mjspec"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)

_BESIDE = frozenset({".mj", ".txt", ".md", *YAML})
_NEVER = frozenset(
    {rules.INVALID_YAML.name, rules.INVALID_SUPPRESSION.name, rules.UNUSED_SUPPRESSION.name}
)
_DIRECTIVE = re.compile(r"#[ \t]*mjspec:[ \t]*ignore[ \t]*\[(?P<names>[^\]\r\n]*)(?P<end>\])")


def actions(
    checked: Checked, span: Span, only: Iterable[str] | None, shown: Iterable[types.Diagnostic]
) -> list[types.CodeAction]:
    """What can be done about the findings at a range.

    Args:
        checked: The findings.
        span: The range that the user asks about.
        only: The kinds that are asked for; None for all of them.
        shown: The findings as the client has them, which an action names as solved.
    """
    kinds = None if only is None else tuple(only)
    result: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, kinds):
        touched = [found for found in checked.found if _touches(found, checked.document, span)]
        fixes = [action for found in touched if (action := _fix(found, checked.document, shown))]
        fixes.sort(key=lambda action: not action.is_preferred)
        result += [*fixes, *_ignores(touched, checked.document, shown)]
    if _wanted(FIX_ALL, kinds) and any(f.fix and f.fix.safety == "safe" for f in checked.found):
        title = "Fix everything that can be fixed safely (mjspec)"
        result.append(types.CodeAction(title, FIX_ALL, data=checked.document.uri))
    return result


def edit_of(document: Document, text: str) -> types.WorkspaceEdit:
    """The change of a document to another text."""
    return _workspace_edit(document, rewritten(document, text))


def _wanted(kind: str, only: tuple[str, ...] | None) -> bool:
    """Whether a kind is asked for; `source` asks for `source.fixAll` too."""
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _touches(found: Diagnostic, document: Document, span: Span) -> bool:
    place = found.location
    if place.source is not document.source:
        return False
    return place.span.start <= span.end and span.start <= place.span.end


def _fix(
    found: Diagnostic, document: Document, shown: Iterable[types.Diagnostic]
) -> types.CodeAction | None:
    fix = found.fix
    if fix is None or any(edit.location.source is not document.source for edit in fix.edits):
        return None
    safe = fix.safety == "safe"
    return types.CodeAction(
        title=_title(fix),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=_same(found, document, shown),
        is_preferred=safe or None,
        edit=_workspace_edit(document, _edits(fix, document)),
    )


def _title(fix: Fix) -> str:
    words = fix.message[:1].upper() + fix.message[1:]
    return words if fix.safety == "safe" else f"{words} (unsafe: it is a guess)"


def _edits(fix: Fix, document: Document) -> list[types.TextEdit]:
    return [
        types.TextEdit(document.lines.range(edit.location.span), edit.replacement)
        for edit in fix.edits
    ]


def _same(
    found: Diagnostic, document: Document, shown: Iterable[types.Diagnostic]
) -> list[types.Diagnostic]:
    place = document.lines.range(found.location.span)
    return [each for each in shown if each.code == found.code and each.range == place]


def _ignores(
    touched: Iterable[Diagnostic], document: Document, shown: Iterable[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """For each rule at the range, the comment that hides it there."""
    if document.kind not in _BESIDE:
        return
    for found in {found.name: found for found in reversed([*touched])}.values():
        if found.name in _NEVER:
            continue
        yield types.CodeAction(
            title=f"Ignore `{found.name}` here",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=_same(found, document, shown),
            edit=_workspace_edit(document, [_comment(found, document)]),
        )


def _comment(found: Diagnostic, document: Document) -> types.TextEdit:
    """A name more in the comment that is there, or a comment: above a prompt, behind a key."""
    lines = document.lines
    line, behind = lines.line_at(found.location.span.start), False
    if document.kind in YAML:
        line, behind = comment_place(lines, found.location.span.start)
    near = line if behind else line - 1
    match = _DIRECTIVE.search(lines.content(near)) if near >= 0 else None
    if match is not None and (behind or lines.content(near).lstrip().startswith("#")):
        at = lines.start(near) + match.end("names")
        return types.TextEdit(document.range(at, at), f", {found.name}")
    text, start = lines.content(line), lines.start(line)
    comment = f"# mjspec: ignore[{found.name}]"
    if behind:
        at = start + len(text.rstrip())
        return types.TextEdit(document.range(at, start + len(text)), f"  {comment}")
    indent = text[: len(text) - len(text.lstrip())]
    return types.TextEdit(document.range(start, start), f"{indent}{comment}{_line_end(document)}")


def _line_end(document: Document) -> str:
    """The line end that the document has."""
    return "\r\n" if "\r\n" in document.text else "\n"


def _workspace_edit(document: Document, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(changes={document.uri: edits})
