"""Prompts and specs for another model version: what has to change, and what cannot."""
