"""The one place of the version number."""

__version__ = "0.1.0"

TABLES = "2026-11"
"""The month in which the tables of parameters, versions and rules were last held against sources."""
