"""The server: the documents that are open, and what is told about them."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from mjspec._version import __version__
from mjspec.lsp.documents import Document, edited
from mjspec.lsp.places import YAML
from mjspec.lsp.schedule import PAUSE, Schedule

if TYPE_CHECKING:
    from mjspec.lsp.checking import Checked

__all__ = ["Protocol", "Server"]


class Protocol(LanguageServerProtocol):
    """The protocol with documents of our own.

    Those of pygls end lines where the protocol does not, so that changes go to wrong places.
    """

    _server: Server

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """A document was opened."""
        self._server.opened(params.text_document)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """A document was changed."""
        self._server.changed(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """A document was closed."""
        self._server.closed(params.text_document.uri)


class Server(LanguageServer):
    """The language server.

    Attributes:
        documents: The last state of every open document.
        schedule: When they are looked at.
        ended: Whether the client has said that it will go.
    """

    def __init__(self) -> None:
        super().__init__("mjspec", __version__, protocol_cls=Protocol)
        self.documents: dict[str, Document] = {}
        self.schedule = Schedule(self._publish, self._log)
        self.ended = False
        self._problems: dict[str, str] = {}

    def opened(self, item: types.TextDocumentItem) -> None:
        """Take a document, and look at it at once."""
        document = Document(
            item.uri,
            item.language_id,
            item.version,
            item.text,
            self.workspace.position_encoding or types.PositionEncodingKind.Utf16,
            self._root(),
        )
        self.documents[item.uri] = document
        self.schedule.start(document)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take changes, and look at the document when they stop for a moment."""
        uri = params.text_document.uri
        document = self.documents.get(uri)
        if document is None:
            self._say(types.MessageType.Warning, f"{uri} was changed and is not open")
            return
        document = edited(document, params.text_document.version, params.content_changes)
        self.documents[uri] = document
        self.schedule.start(document, PAUSE)

    def closed(self, uri: str) -> None:
        """Forget a document and what was found in it."""
        self.documents.pop(uri, None)
        self._problems.pop(uri, None)
        self.schedule.stop(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def again(self, *, besides: str | None = None, specs: bool = False) -> None:
        """Look at documents again, because files that they depend on have changed.

        Args:
            besides: A document that has not to be looked at.
            specs: Only those that may name other files.
        """
        for uri, document in self.documents.items():
            if uri != besides and (not specs or document.kind in YAML):
                self.schedule.start(document, PAUSE)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log an error; the user can do nothing about it."""
        del source
        self._log(error)

    def _publish(self, checked: Checked, found: list[types.Diagnostic]) -> None:
        document = checked.document
        if self.documents.get(document.uri) is not document:
            return
        params = types.PublishDiagnosticsParams(document.uri, found, document.version)
        self.text_document_publish_diagnostics(params)
        if checked.problem != self._problems.get(document.uri):
            self._problems.pop(document.uri, None)
            if checked.problem and checked.problem not in self._problems.values():
                params_ = types.ShowMessageParams(
                    types.MessageType.Warning, f"mjspec: {checked.problem}"
                )
                self.window_show_message(params_)
            if checked.problem:
                self._problems[document.uri] = checked.problem

    def _root(self) -> Path | None:
        folders = [folder.uri for folder in self.workspace.folders.values()]
        uri = next(iter(folders), self.workspace.root_uri)
        path = to_fs_path(uri) if uri else None
        return Path(path) if path else None

    def _log(self, error: BaseException) -> None:
        text = "".join(traceback.format_exception(error))
        self._say(types.MessageType.Error, text)

    def _say(self, kind: types.MessageType, text: str) -> None:
        self.window_log_message(types.LogMessageParams(kind, text))
