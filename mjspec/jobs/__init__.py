"""One job's way: its layers become settings, are validated, and are compiled to a request."""
