"""What the server offers, request by request, and how it is run over standard input and output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from mjspec.lsp.actions import FIX_ALL, KINDS, actions, edit_of
from mjspec.lsp.checking import LARGEST, fixed, formatted
from mjspec.lsp.completion import TRIGGERS, complete, completed
from mjspec.lsp.edits import rewritten
from mjspec.lsp.hover import hover
from mjspec.lsp.server import Server
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.lsp.documents import Document

__all__ = ["serve"]

_WATCHED = "**/{mjspec.toml,pyproject.toml,*.yaml,*.yml,*.csv,*.jsonl}"


def serve() -> int:
    """Answer one client until it goes.

    Returns:
        The exit code of the protocol: 0 if the client has said that it will go, else 1.
    """
    server = build()
    # What is printed by mistake must not get between the messages.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server.start_io(sys.stdin.buffer, output)
    server.schedule.close()
    return 0 if server.ended else 1


def build() -> Server:
    """A server that offers everything."""
    server = Server()
    for method, (function, options) in _FEATURES.items():
        server.feature(method, options)(function)
    return server


async def _initialized(ls: Server, _: types.InitializedParams) -> None:
    """Ask to be told when files change that documents depend on."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if not (watching and watching.dynamic_registration):
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration("mjspec-files", method, options)
    await ls.client_register_capability_async(types.RegistrationParams([registration]))


def _shutdown(ls: Server, _: None) -> None:
    ls.ended = True


def _watched(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
    ls.again()


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """The file on the disk is what other specs see of a document."""
    uri = params.text_document.uri
    if uri in ls.documents:
        ls.schedule.start(ls.documents[uri])
    ls.again(besides=uri, specs=True)


def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    document = _small(ls, params.text_document.uri)
    if document is None:
        return None
    items = complete(document, document.lines.offset(params.position))
    return types.CompletionList(is_incomplete=False, items=items)


def _resolve_completion(item: types.CompletionItem) -> types.CompletionItem:
    return completed(item)


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = _small(ls, params.text_document.uri)
    return hover(document, document.lines.offset(params.position)) if document else None


async def _formatting(
    ls: Server, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    document = _small(ls, params.text_document.uri)
    if document is None:
        return None
    text = await ls.schedule.aside(formatted, document)
    return rewritten(document, text) if _current(ls, document) else None


async def _code_actions(
    ls: Server, params: types.CodeActionParams
) -> list[types.CodeAction] | None:
    checked = await ls.schedule.result(params.text_document.uri)
    if checked is None or not _current(ls, checked.document):
        return None
    lines, asked = checked.document.lines, params.context
    span = Span(lines.offset(params.range.start), lines.offset(params.range.end))
    found = actions(checked, span, asked.only, asked.diagnostics)
    if _resolves(ls):
        return found
    if asked.only is None:
        # All fixes at once take several looks; without being chosen they are worth none.
        return [action for action in found if action.kind != FIX_ALL]
    for action in found:
        if action.kind == FIX_ALL:
            action.edit = await _fix_all(ls, checked.document)
    return found


async def _resolve_action(ls: Server, action: types.CodeAction) -> types.CodeAction:
    document = ls.documents.get(str(action.data))
    if document is not None and action.edit is None:
        action.edit = await _fix_all(ls, document)
    return action


async def _fix_all(ls: Server, document: Document) -> types.WorkspaceEdit | None:
    text = await ls.schedule.aside(fixed, document)
    return edit_of(document, text) if _current(ls, document) else None


def _small(ls: Server, uri: str) -> Document | None:
    """An open document that holds prompts and is not too large to be looked at at once."""
    document = ls.documents.get(uri)
    if document is None or document.kind is None or len(document.text) > LARGEST:
        return None
    return document


def _current(ls: Server, document: Document) -> bool:
    """Whether a document is still what it was."""
    return ls.documents.get(document.uri) is document


def _resolves(ls: Server) -> bool:
    """Whether the client asks for the edit of an action when it is chosen."""
    document = ls.client_capabilities.text_document
    support = document.code_action.resolve_support if document and document.code_action else None
    return support is not None and "edit" in support.properties


_FEATURES: dict[str, tuple[Any, Any]] = {
    types.INITIALIZED: (_initialized, None),
    types.SHUTDOWN: (_shutdown, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (_watched, None),
    types.TEXT_DOCUMENT_DID_SAVE: (_saved, types.SaveOptions(include_text=False)),
    types.TEXT_DOCUMENT_COMPLETION: (
        _completion,
        types.CompletionOptions(trigger_characters=[*TRIGGERS], resolve_provider=True),
    ),
    types.COMPLETION_ITEM_RESOLVE: (_resolve_completion, None),
    types.TEXT_DOCUMENT_HOVER: (_hover, None),
    types.TEXT_DOCUMENT_FORMATTING: (_formatting, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _code_actions,
        types.CodeActionOptions(code_action_kinds=[*KINDS], resolve_provider=True),
    ),
    types.CODE_ACTION_RESOLVE: (_resolve_action, None),
}
