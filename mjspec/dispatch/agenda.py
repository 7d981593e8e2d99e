"""Calls that are due at times, done by a few threads: thousands of waiting tasks cost a heap."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import TypeAlias

__all__ = ["Agenda"]

Call: TypeAlias = Callable[[], None]


class Agenda:
    """Runs calls when they are due.

    One idle thread at a time watches the clock, the others sleep until they are passed a call, so
    that a hundred calls a second do not wake everybody a hundred times.

    Args:
        name: What the threads are called.
        threads: The most threads; they are started as they are needed.
        on_error: Told what a call raised; a call must not end a thread.
    """

    def __init__(self, name: str, threads: int, on_error: Callable[[BaseException], None]) -> None:
        self._name = name
        self._most = threads
        self._on_error = on_error
        self._heap: list[tuple[float, int, Call]] = []
        self._order = count()
        self._lock = threading.Lock()
        self._clock_watch = threading.Condition(self._lock)
        self._idle = threading.Condition(self._lock)
        self._watched = False
        self._closed = False
        self._sleeping = 0
        self._threads: list[threading.Thread] = []

    def after(self, seconds: float, call: Call) -> None:
        """Has a call made after some seconds."""
        due = monotonic() + max(0.0, seconds)
        with self._lock:
            if self._closed:
                return
            heapq.heappush(self._heap, (due, next(self._order), call))
            if not self._sleeping and len(self._threads) < self._most:
                self._start_thread()
            elif self._heap[0][0] == due:
                (self._clock_watch if self._watched else self._idle).notify()

    def close(self) -> None:
        """Forgets what is not yet due; calls at work come to their end."""
        with self._lock:
            self._closed = True
            self._heap.clear()
            self._clock_watch.notify_all()
            self._idle.notify_all()

    def _start_thread(self) -> None:
        name = f"{self._name}-{len(self._threads) + 1}"
        # A thread that waits for a silent server must not keep the process from ending.
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (call := self._next()) is not None:
            try:
                call()
            except BaseException as error:  # noqa: BLE001 - whatever it is
                self._on_error(error)

    def _next(self) -> Call | None:
        with self._lock:
            while not self._closed:
                wait = self._heap[0][0] - monotonic() if self._heap else None
                if wait is not None and wait <= 0:
                    call = heapq.heappop(self._heap)[2]
                    if not self._watched:
                        self._idle.notify()
                    return call
                self._sleep(wait)
            return None

    def _sleep(self, wait: float | None) -> None:
        self._sleeping += 1
        try:
            if self._watched:
                self._idle.wait()
                return
            self._watched = True
            try:
                self._clock_watch.wait(wait)
            finally:
                self._watched = False
        finally:
            self._sleeping -= 1
