"""``python -m mjspec``."""

from __future__ import annotations

from mjspec.cli import start

if __name__ == "__main__":
    start()
