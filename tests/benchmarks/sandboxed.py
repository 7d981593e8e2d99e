"""The provider's stand-in, in a process of its own."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benchmarks.setting import program

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sandbox(*options: str) -> Iterator[str]:
    """Serves it for a while; gives its address."""
    command = [program("mjspec"), "sandbox", "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split("answers at ")[1].split()[0].rstrip(".")
        finally:
            process.terminate()
