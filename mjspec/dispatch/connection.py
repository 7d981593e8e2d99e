"""Connections that tell when they stand.

A POST gets a connection of its own: a kept one may be dead, and a request that dies on it cannot be
told from one that arrived and got lost. A mark is made when the connection stands, TLS and proxy
included. Without the mark not one byte of the request can have left, whatever the error looks like.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FreshAdapter", "Mark", "marked"]


class Mark:
    """Notes that a connection stands, or why the note could not be made."""

    def __init__(self, note: Callable[[], None]) -> None:
        self._note = note
        self.made = False
        self.failure: BaseException | None = None

    def __call__(self) -> None:
        """The connection stands."""
        try:
            self._note()
        except BaseException as error:
            self.failure = error
            raise
        self.made = True


_on_connected: ContextVar[Mark | None] = ContextVar("_on_connected", default=None)


@contextmanager
def marked(mark: Mark) -> Iterator[None]:
    """Has the connections of this thread make a mark."""
    token = _on_connected.set(mark)
    try:
        yield
    finally:
        _on_connected.reset(token)


class _HTTP(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _announce(self)


class _HTTPS(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _announce(self)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


class FreshAdapter(requests.adapters.HTTPAdapter):
    """Tells when a connection stands, and never tries twice."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Has direct connections tell."""
        super().init_poolmanager(*args, **kwargs)
        _announcing(self.poolmanager)

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        """Has connections through a proxy tell."""
        return _announcing(super().proxy_manager_for(proxy, **kwargs))


def _announcing(manager: Any) -> Any:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager


def _announce(connection: HTTPConnection) -> None:
    callback = _on_connected.get()
    if callback is None:
        return
    try:
        callback()
    except BaseException:
        # What cannot be noted down must not be sent.
        connection.close()
        raise
