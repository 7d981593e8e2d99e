"""The prompt language: from text to the syntax tree, and from there to typed values."""
