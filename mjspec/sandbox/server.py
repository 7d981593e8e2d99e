"""The sandbox as a whole: in a ``with`` block, or until somebody stops it."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Self

from mjspec.sandbox.memory import Memory
from mjspec.sandbox.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from mjspec.sandbox.listener import Listener
    from mjspec.sandbox.tasks import Submission

__all__ = ["Sandbox", "serve"]

_LOOK_EVERY = 0.02


class Sandbox:
    """A local server of the provider's API.

    ``with Sandbox() as sandbox:`` serves at ``sandbox.url`` until the block ends. Everything that
    was accepted can be looked at while it runs and afterwards.

    Args:
        options: Its settings.
        host: Where it listens.
        port: 0 for any free one.

    Raises:
        OSError: The port is taken.
    """

    def __init__(
        self, options: Options | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._listener = _listener(options or Options(), host, port)
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where it serves, without ``/v1``."""
        return self._listener.url

    @property
    def accepted(self) -> tuple[Submission, ...]:
        """Every accepted submission, in order, also those whose answer never arrived."""
        return self._listener.service.book.accepted

    @property
    def counts(self) -> Mapping[str, int]:
        """How many ``submissions``, ``polls`` and ``downloads`` came."""
        return self._listener.service.book.counts

    @property
    def balance(self) -> float | None:
        """US dollars left; None for an account without a limit."""
        return self._listener.service.book.balance

    @property
    def charged(self) -> float:
        """US dollars charged and not refunded."""
        return self._listener.service.book.charged

    @property
    def defects(self) -> tuple[str, ...]:
        """Tracebacks of errors in the sandbox itself; there should be none."""
        return tuple(self._listener.defects)

    def plan(self, *steps: str | None) -> None:
        """Decides what happens to the next submissions, one step each, None for an honest one.

        A step names a fault, or several for different places: ``502-accepted+fail+poll-500``.
        Poll and download faults strike the first poll and the first download of the task.

        Raises:
            FaultError: A name is not known.
        """
        self._listener.service.plan(*steps)

    def start(self) -> None:
        """Begins to serve; a second call does nothing."""
        if self._thread is None:
            loop = Thread(target=self._listener.serve_forever, args=(_LOOK_EVERY,), daemon=True)
            self._thread = loop
            loop.start()

    def wait(self) -> None:
        """Returns when it was closed."""
        while not self._listener.closing.wait(1.0):
            pass

    def close(self) -> None:
        """Ends the server and all connections; a second call does nothing."""
        if self._thread is not None and not self._listener.closing.is_set():
            self._listener.closing.set()
            self._listener.shutdown()
            self._thread.join()
        self._listener.server_close()


def _listener(options: Options, host: str, port: int) -> Listener:
    """Listens where links of an earlier sandbox point to, if nothing else is asked for."""
    # The server of the standard library takes longer to import than the rest of the sandbox.
    from mjspec.sandbox.listener import Listener

    memory = Memory(options.memory)
    if not port and memory.port:
        with suppress(OSError):
            return Listener(options, host, memory.port, memory)
    return Listener(options, host, port, memory)


def serve(
    options: Options | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ready: Callable[[Sandbox], None] = lambda _sandbox: None,
) -> None:
    """Serves until Ctrl-C.

    Args:
        options: The settings of the sandbox.
        host: Where it listens.
        port: 0 for any free one.
        ready: Called once it answers, for instance to show its address.

    Raises:
        OSError: The port is taken.
    """
    with Sandbox(options, host, port) as sandbox:
        ready(sandbox)
        try:
            sandbox.wait()
        except KeyboardInterrupt:
            return
