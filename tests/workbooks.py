"""Workbooks for tests: the template or a plan, in which a person changes something."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mwkb import knowledge as knowledge_base
from mwkb.form import Form, form
from mwkb.plan import Plan, read_plan
from mwkb.problems import InputProblem
from mwkb.submission import converted, template
from mwkb.vocabulary import RDF
from mwkb.workbook.layout import FIRST, KEYS, PLAN

ROOT = Path(__file__).parents[1]
PLANS = [
    ROOT / "examples/little-marsh.yaml",
    ROOT / "examples/little-marsh.ttl",
    ROOT / "examples/oakmere.yaml",
    ROOT / "tests/plans/clean.yaml",
]
Edit = Callable[[Workbook], None]
Filled = Callable[..., Path]
SOFFICE = shutil.which("soffice") or ""


@cache
def asked() -> Form:
    return form(knowledge_base.load())


@cache
def empty_template() -> bytes:
    return template(asked(), ".xlsx")


def fill(folder: Path, edit: Edit, plan: Path | None = None, name: str = "plan.xlsx") -> Path:
    """A plan, or the empty template, as a workbook in which a person changes something."""
    content = converted(read_plan(plan), asked(), ".xlsx") if plan else empty_template()
    book = load_workbook(io.BytesIO(content))
    edit(book)
    book.save(folder / name)
    return folder / name


def column(book: Workbook, part: str, key: str) -> str:
    """The letter of the first column with a key, on the sheet of a part."""
    sheet = book[asked().part(part).label]
    return next(cell.column_letter for cell in sheet[KEYS] if cell.value == key)


def put(book: Workbook, part: str, key: str, value: Any, row: int = FIRST) -> None:
    book[asked().part(part).label][f"{column(book, part, key)}{row}"] = value


def put_once(book: Workbook, key: str, value: Any) -> None:
    row = next(cell.row for cell in book[PLAN]["A"] if cell.value == key)
    book[PLAN][f"C{row}"] = value


def triples(plan: Plan) -> set[Any]:
    return {quad.triple for quad in plan.quads}


def said(plan: Plan) -> dict[str, str]:
    """What a plan says, by property: for plans that say each thing once."""
    return {
        q.predicate.value.rpartition("#")[2]: getattr(q.object, "value", "")
        for q in plan.quads
        if q.predicate.value != RDF + "type"
    }


def problem(path: Path) -> InputProblem:
    with pytest.raises(InputProblem) as raised:
        read_plan(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)
    return raised.value


def with_part(name: str, content: bytes | Callable[[bytes], bytes], book: bytes | None = None) -> bytes:
    """The template, or another workbook, with one of its files changed or replaced, or one more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book or empty_template())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content if isinstance(content, bytes) else content(old.read(name)))
    return stream.getvalue()


def through(path: Path, folder: Path) -> Path:
    """A workbook opened and saved by LibreOffice."""
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert (folder / path.name).exists(), done.stderr
    return folder / path.name
