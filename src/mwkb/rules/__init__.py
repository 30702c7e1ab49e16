"""Rules: what one says, how its file is read, in which order rules run, and help for who writes them."""

from mwkb.rules.rule import RDF_TYPE, Condition, Pattern, Rule

__all__ = ["RDF_TYPE", "Condition", "Pattern", "Rule"]
