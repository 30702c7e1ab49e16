"""The command line. Commands compose the package; what they need is imported when they run."""

from mwkb.cli.main import app, main, run

__all__ = ["app", "main", "run"]
