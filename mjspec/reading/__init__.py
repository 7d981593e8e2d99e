"""What the command line names: files and folders, found, read, and taken apart into prompts."""
