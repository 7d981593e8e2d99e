"""How fast mjspec is, each figure beside a named peer's: `python -m tests.benchmarks`."""
