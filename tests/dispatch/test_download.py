from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.client import Client
from mjspec.dispatch.errors import DownloadError

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 1000
KEY = "sk-very-secret-key-0123456789"


def served(content: bytes, *headers: str, status: int = 200) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", "Connection: close"]
    return "\r\n".join([*lines, *headers]).encode() + b"\r\n\r\n" + content


def client(url: str) -> Client:
    return Client(url, KEY, connect_timeout=1, read_timeout=1)


def test_an_image_is_saved_without_sending_the_key(raw_server: Any, tmp_path: Path) -> None:
    server = raw_server(served(PNG, "Content-Type: image/png"))
    found = client(server.url).download(f"{server.url}/a.png", tmp_path / "x")
    assert (found.size, found.suffix) == (1008, ".png")
    assert (tmp_path / "x").read_bytes() == PNG
    assert b"Bearer" not in server.received[0]


@pytest.mark.parametrize(
    "act, words",
    [
        (served(PNG, "Content-Type: text/html"), "not an image"),
        (served(b"<html>", "Content-Type: image/png"), "does not begin like an image"),
        (served(b"", "Content-Type: image/png"), "does not begin like an image"),
        (served(PNG + b"\0" * 5000), "at most"),
        (b"HTTP/1.1 200 X\r\n\r\n" + PNG + b"\0" * 5000, "larger than"),
        (served(PNG)[:-10], "broke off"),
        (b"HTTP/1.1 200 X\r\n\r\n" + PNG, "broke off after 1008 bytes"),
        (b"HTTP/1.1 200 X\r\n\r\n\xff\xd8\xff" + b"\0" * 9, "broke off after 12 bytes"),
        (served(PNG, status=403), "answers 403"),
        (served(PNG, "Location: http://example.com/a.png", status=302), "not https"),
        (served(PNG, "Location: file:///etc/passwd", status=302), "not https"),
        ("reset", "broke off"),
    ],
)
def test_what_is_no_image_leaves_no_file(
    act: bytes | str, words: str, raw_server: Any, tmp_path: Path
) -> None:
    server = raw_server(act)
    with pytest.raises(DownloadError, match=words):
        client(server.url).download(f"{server.url}/a", tmp_path / "x", limit=2000)
    assert not (tmp_path / "x").exists()


def test_an_image_without_a_length_is_whole_when_it_has_its_end(
    raw_server: Any, tmp_path: Path
) -> None:
    content = PNG + b"\0\0\0\0IEND\xaeB`\x82"
    server = raw_server(b"HTTP/1.1 200 X\r\n\r\n" + content)
    client(server.url).download(f"{server.url}/a", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == content


def test_redirects_are_followed_by_the_same_rules(raw_server: Any, tmp_path: Path) -> None:
    target = raw_server(served(PNG))
    server = raw_server(served(b"", f"Location: {target.url}/b.png", status=302))
    assert client(server.url).download(f"{server.url}/a", tmp_path / "x").size == 1008
    endless = raw_server(served(b"", "Location: /again", status=302))
    with pytest.raises(DownloadError, match="without end"):
        client(endless.url).download(f"{endless.url}/a", tmp_path / "x")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.png",
        "http://127.0.0.1:9/a.png",
        "https://localhost/a.png",
        "file:///etc/passwd",
        "ftp://example.com/a.png",
        "//example.com/a.png",
        "https://[broken",
        "",
    ],
)
def test_the_provider_cannot_send_us_anywhere(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as raised:
        Client("https://api.example", KEY).download(url, tmp_path / "x")
    assert raised.value.barred
