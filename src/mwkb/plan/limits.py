"""How much a plan may hold.

These guard the machine from a file that is broken or made to harm. No conclusion rests on them, since a
file beyond them is refused as a whole, so they are no parameters of the knowledge base.
"""

BYTES = 2_500_000
"""Of a file: a hundred times a full plan, and read in seconds."""
DEPTH = 12
"""Of groups and lists within each other: a plan needs seven, and JSON-LD written out in full some more; parsers
that call themselves for each level run out of stack at some thousands."""
VALUES = 100_000
"""Of a plan: a hundred times a full plan; a value takes much more memory than the two bytes it can be written with."""
LETTERS = 100_000
"""Of one text: more than the whole text of a plan, and little enough for every step to copy it."""
NAME = 1_000
"""Letters of an IRI: browsers take twice that; a prefix of many letters is otherwise multiplied by each of its uses."""
EXPANDED = 200_000_000
"""Letters that JSON-LD may grow to: those of the contexts, since definitions can build on each other, times the words
that may use them. A full plan takes 30 millions; pyoxigraph holds it all at once and would end the program."""
