"""Which addresses the key may go to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from mjspec.dispatch.errors import ClientConfigurationError

__all__ = ["checked_address", "is_loopback"]


def is_loopback(host: str | None) -> bool:
    """Whether a host name is this machine."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_address(text: str) -> str:
    """The base address with its version; raises for one that the key must not go to."""
    address = text.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ClientConfigurationError(f"{text!r} is no address; it begins with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ClientConfigurationError(
            "the base address may hold neither user, password, query nor fragment"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ClientConfigurationError(
            f"{address} would send the key in the clear; use https (http goes to this machine only)"
        )
    return address if address.endswith("/v1") else f"{address}/v1"
