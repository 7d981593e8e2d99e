"""``python -m mjspec``."""

from __future__ import annotations

import sys

from mjspec.cli import main

if __name__ == "__main__":
    sys.exit(main())
