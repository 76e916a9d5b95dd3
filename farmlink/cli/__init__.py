"""The command line: every command opens the store, runs one thing and says what came of it."""

from farmlink.cli.program import BAD_INPUT, FAILED, app, main

__all__ = ["BAD_INPUT", "FAILED", "app", "main"]
