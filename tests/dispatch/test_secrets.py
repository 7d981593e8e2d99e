from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mjspec.dispatch.gallery import gallery

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.sandbox import Sandbox


def response(status: int, body: str) -> bytes:
    content = body.encode()
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def test_the_key_is_in_no_file_of_a_run(
    *, make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path, raw_server: Any, key: str
) -> None:
    sandbox.plan(None, "422", "drop-after-accept", "fail", "html")
    make_runner(concurrency=1).run(make_jobs(6))
    echo = raw_server(response(500, f'{{"error":{{"message":"Bearer {key}"}}}}'))
    make_runner(url=echo.url, concurrency=1).run(make_jobs(9))
    gallery(out)
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"mjspec.db", "events.jsonl", "gallery.html"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert key.encode() not in content, path
        assert b"Authorization" not in content, path
