"""The body language: splitting a body into blocks, and the extension of Python-Markdown."""
