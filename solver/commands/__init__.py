"""The subcommands of `python -m solver`."""
