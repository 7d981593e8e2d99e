"""The canonical form of prompts, written where they stand without changing what they mean."""
