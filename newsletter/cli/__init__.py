"""The command line, where everything is put together."""

from newsletter.cli.app import main

__all__ = ["main"]
