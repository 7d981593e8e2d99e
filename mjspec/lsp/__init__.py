"""The language server: what the command line knows, while a file is being written.

Only this package knows of pygls and lsprotocol, which come with the extra ``mjspec[lsp]``.
"""
