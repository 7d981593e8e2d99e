"""mjspec."""
