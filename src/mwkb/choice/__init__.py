"""Exact choices: the fewest additions that close gaps, and the best portfolio under a budget."""
