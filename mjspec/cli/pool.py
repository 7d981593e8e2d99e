"""Several processes that share work: each has one piece of it at a time, results come in order."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

__all__ = ["Pool"]

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Piece(Generic[K, R]):
    """A piece of work on its way."""

    name: K
    result: R | None = None
    done: bool = False


class Pool(Generic[T, R]):
    """Up to so many processes; each is started when there is something for it to do.

    A process is given the next piece only after it has told what the last one came to. So nobody
    writes to somebody who is writing, and no process has anything to do while others wait.
    """

    def __init__(self, most: int, work: Callable[[T], R], ahead: int) -> None:
        """Start nothing yet.

        Args:
            most: How many processes there may be.
            work: What they do with each piece.
            ahead: How many pieces may be on their way, or wait for their turn.
        """
        self._most = most
        self._work = work
        self._ahead = ahead
        ways = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("fork" if "fork" in ways else None)
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._idle: list[Connection] = []
        self._busy: dict[Connection, _Piece[Any, R]] = {}

    def results(self, pieces: Iterable[tuple[K, T | None]]) -> Iterator[tuple[K, R | None]]:
        """What each piece comes to, in order; they are taken as there is time for them.

        Args:
            pieces: Each with a name; None is for nobody to do, and comes to None.

        Raises:
            click.ClickException: A process has died.
        """
        waiting: deque[_Piece[K, R]] = deque()
        coming = iter(pieces)
        upcoming = next(coming, None)
        try:
            while waiting or upcoming is not None:
                if upcoming and len(waiting) < self._ahead and self._has_time(upcoming[1]):
                    waiting.append(self._give(*upcoming))
                    # The next one is there when somebody has time for it.
                    upcoming = next(coming, None)
                elif waiting[0].done:
                    piece = waiting.popleft()
                    yield piece.name, piece.result
                else:
                    self._collect()
        except BaseException:
            # Nobody waits for what is being looked at.
            for process in self._processes:
                process.terminate()
            raise
        finally:
            self._end()

    def _has_time(self, given: T | None) -> bool:
        return given is None or bool(self._idle) or len(self._processes) < self._most

    def _give(self, name: K, given: T | None) -> _Piece[K, R]:
        if given is None:
            return _Piece(name, done=True)
        connection = self._idle.pop() if self._idle else self._start()
        piece: _Piece[K, R] = _Piece(name)
        self._busy[connection] = piece
        try:
            connection.send(given)
        except OSError:
            raise _died() from None
        return piece

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._work, theirs, ours), daemon=True)
        process.start()
        theirs.close()
        self._processes.append(process)
        return ours

    def _collect(self) -> None:
        """Wait until a process is done, and take what it has."""
        for connection in cast("list[Connection]", wait(self._busy)):
            try:
                result = connection.recv()
            except (EOFError, OSError):
                raise _died() from None
            if isinstance(result, Exception):
                raise result
            piece = self._busy.pop(connection)
            piece.result, piece.done = result, True
            self._idle.append(connection)

    def _end(self) -> None:
        for connection in (*self._idle, *self._busy):
            connection.close()
        for process in self._processes:
            process.join()


def _died() -> click.ClickException:
    return click.ClickException("a process ended before its work was done; try `--jobs 1`")


def _serve(work: Callable[[T], R], connection: Connection, other_end: Connection) -> None:
    """Do what one process does until nobody gives it anything more."""
    # An interruption is for the process that gives out the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Otherwise the end of the one that gives out work would not be noticed.
    other_end.close()
    try:
        while True:
            connection.send(_done(work, connection.recv()))
    except (EOFError, OSError):
        return


def _done(work: Callable[[T], R], given: T) -> R | Exception:
    try:
        return work(given)
    except Exception as error:  # noqa: BLE001 (raised again where it can be told)
        error.add_note(traceback.format_exc())
        return error
