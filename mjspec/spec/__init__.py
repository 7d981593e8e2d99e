"""Spec files: YAML, its fields and jobs."""
