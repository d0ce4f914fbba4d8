"""The subcommands of `tipline`: one file each, named by address in `tipline/cli.py`."""
