"""Findings: made quickly for many prompts, judged, hidden, mended."""
