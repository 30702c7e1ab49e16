"""Make the pictures of docs/reports.md: the first two sheets of the report on the Oakmere plan.

Run from the root of a checkout: python scripts/screenshots.py
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from mwkb import knowledge as knowledge_base
from mwkb.assessment import assess
from mwkb.report.pdf import assessment_pdf

PLAN = "examples/oakmere.yaml"
SCALE = 1.5
COLOURS = 160
"""So few colours are enough for type and flat areas, and make small files."""


def main() -> None:
    knowledge = knowledge_base.load()
    document = pypdfium2.PdfDocument(assessment_pdf(assess(PLAN, knowledge=knowledge), knowledge))
    for number in (1, 2):
        picture = document[number - 1].render(scale=SCALE).to_pil()
        picture.convert("RGB").quantize(COLOURS).save(Path("docs") / f"report-page-{number}.png", optimize=True)


if __name__ == "__main__":
    main()
