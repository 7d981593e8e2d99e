"""When documents are looked at: a moment after the last change, in a thread, the last state only."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from mjspec.lsp.checking import Checked, check
from mjspec.lsp.findings import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from lsprotocol.types import Diagnostic

    from mjspec.lsp.documents import Document

    _Value = TypeVar("_Value")

__all__ = ["PAUSE", "Schedule"]

PAUSE = 0.15
"""Seconds without a change after which a document is looked at."""


@dataclass(slots=True)
class _Run:
    """One look at one state.

    Attributes:
        hurry: Set when somebody waits for the answer, so that the pause is cut short.
        stale: Set when nobody wants the answer any more.
        task: The look itself.
    """

    hurry: asyncio.Event
    stale: Event
    task: asyncio.Task[Checked]


class Schedule:
    """Looks at documents.

    Args:
        tell: Takes what was found, and how the protocol says it.
        fail: Takes errors, which are defects.
    """

    def __init__(
        self,
        tell: Callable[[Checked, list[Diagnostic]], None],
        fail: Callable[[BaseException], None],
    ) -> None:
        self._tell = tell
        self._fail = fail
        self._runs: dict[str, _Run] = {}
        self._pool = ThreadPoolExecutor(2, "mjspec")

    def start(self, document: Document, pause: float = 0.0) -> None:
        """Look at a document after a pause; an older look at it ends."""
        self.stop(document.uri)
        hurry, stale = asyncio.Event(), Event()
        task = asyncio.get_running_loop().create_task(self._look(document, pause, hurry, stale))
        self._runs[document.uri] = _Run(hurry, stale, task)

    def stop(self, uri: str) -> None:
        """Forget a document."""
        run = self._runs.pop(uri, None)
        if run is not None:
            run.stale.set()
            run.task.cancel()

    def close(self) -> None:
        """End everything; what runs ends at the next prompt."""
        for uri in [*self._runs]:
            self.stop(uri)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def result(self, uri: str) -> Checked | None:
        """What was found in the last state of a document; None for one that is not open."""
        while run := self._runs.get(uri):
            run.hurry.set()
            try:
                return await asyncio.shield(run.task)
            except asyncio.CancelledError:
                # Either a newer state came, or the one who waits has given up.
                if not run.task.cancelled():
                    raise
        return None

    async def aside(self, work: Callable[[Document], _Value], document: Document) -> _Value:
        """Do something long with a document while others are answered."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, document)

    async def _look(
        self, document: Document, pause: float, hurry: asyncio.Event, stale: Event
    ) -> Checked:
        if pause:
            with suppress(TimeoutError):
                await asyncio.wait_for(hurry.wait(), pause)
        loop = asyncio.get_running_loop()
        try:
            checked, known = await loop.run_in_executor(self._pool, _found, document, stale)
        except Exception as error:  # noqa: BLE001 (a defect must not end the server)
            self._fail(error)
            return Checked(document)
        if not stale.is_set():
            self._tell(checked, known)
        return checked


def _found(document: Document, stale: Event) -> tuple[Checked, list[Diagnostic]]:
    checked = check(document, stale.is_set)
    return checked, [] if stale.is_set() else told(checked)
