"""The command line. One file a command group; `main` is the way in."""

from normalizer.interfaces.cli.app import main

__all__ = ["main"]
