"""An assessment as a tagged PDF: the page of the report, printed on A4."""

from __future__ import annotations

import hashlib
import logging

from mwkb.assessment import Assessment
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.report.html import assessment_html


def assessment_pdf(found: Assessment, knowledge: Knowledge) -> bytes:
    """Raises InputProblem if WeasyPrint, or what it needs of the system, is not installed.

    The same page gives the same bytes: no date is written, and the identifier is made from the page.
    """
    try:
        import weasyprint  # noqa: F401
    except ImportError:
        raise InputProblem("A PDF needs WeasyPrint, which is not installed.", remedy="Run: pip install 'mwkb[pdf]'.") from None
    except OSError:
        raise InputProblem(
            "A PDF needs the Pango library, which WeasyPrint does not find.", remedy="Install it, or write .html and print that."
        ) from None
    # It tells of each property of style that only browsers know.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return printed(assessment_html(found, knowledge))


def printed(html: str) -> bytes:
    """A page as a PDF. It needs nothing from elsewhere, and what stands in a plan must not make it ask."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    identifier = hashlib.sha256(html.encode()).digest()[:16]
    content: bytes = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=identifier
    )
    return content
