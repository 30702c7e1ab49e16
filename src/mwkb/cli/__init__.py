"""The command line. Commands compose the package; what they need is imported when they run."""

from mwkb.cli.main import app, run

__all__ = ["app", "run"]
