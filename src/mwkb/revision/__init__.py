"""The knowledge base from one revision to another: what it said, what changed, and what version that demands."""
