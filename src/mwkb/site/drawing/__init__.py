"""Drawings as SVG inside a page: boxes with links, set out by rules of their own, the same every time."""
