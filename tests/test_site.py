"""The reference site: a page for everything at the path of its IRI, links that hold both ways, and no need of a server."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from conftest import Mwkb
from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.site import folder
from mwkb.site.addresses import paths
from mwkb.site.build import site
from mwkb.store import turtle_store
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, RDF, RDFS, SHAPE, SKOS, local_name

ROOT = Path(__file__).parents[1]
AXE = ROOT / ".tools/node_modules/axe-core/axe.min.js"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
EACH_KIND = (
    "index.html",
    "ontology/index.html",
    "ontology/plan.html",
    "ontology/Intervention.html",
    "ontology/about.html",
    "kb/index.html",
    "kb/area-06.html",
    "kb/intervention-6iii.html",
    "kb/text-reading-01.html",
    "kb/toolkit-box-6.html",
    "rule/index.html",
    "rule/R-12.html",
    "query/index.html",
    "query/interventions-of-area.html",
    "shapes/index.html",
    "shapes/S-32-local-fit-given.html",
    "interpretations.html",
    "parameters.html",
    "sources.html",
    "glossary.html",
    "a-z/a.html",
    "search.html",
)
FOLDERS = ("ontology", "kb", "rule", "query", "shapes")

Files = dict[str, str | bytes]


class Page(HTMLParser):
    """A page's ids, the addresses that it loads, those that it links to, and which of these stand in its main part."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.main_links: list[str] = []
        self.back_links: list[str] = []
        self.headings: list[int] = []
        self.json: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.ids += filter(None, [given.get("id")])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("main", "nav"):
            self._inside.append(tag)
        if tag == "section":
            self._inside.append("links" if given.get("class") == "links" else "section")
        if tag == "script" and given.get("type") == "application/ld+json":
            self._inside.append("json")
        if tag in ("script", "img", "iframe", "object", "embed", "source", "video", "audio", "image", "use"):
            self.loads += filter(None, (given.get(name) for name in ("src", "data", "href", "xlink:href", "srcset")))
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "modulepreload"):
            self.loads.append(given["href"] or "")
        address = given.get("href") or given.get("action")
        if address and not (tag == "link" and given.get("rel") == "canonical"):
            self.links.append(address)
            if "main" in self._inside and "nav" not in self._inside:
                (self.back_links if "links" in self._inside else self.main_links).append(address)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("main", "nav", "section") or (tag == "script" and self._inside[-1:] == ["json"]):
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside[-1:] == ["json"]:
            self.json.append(data)


@pytest.fixture(scope="module")
def made(knowledge: Knowledge) -> Files:
    return site(knowledge)


@pytest.fixture(scope="module")
def pages(made: Files) -> dict[str, Page]:
    return {path: Page(str(text)) for path, text in made.items() if path.endswith(".html")}


def target(path: str, address: str) -> tuple[str, str]:
    """The path and the fragment that an address on a page leads to."""
    file, fragment = urldefrag(address)
    return (os.path.normpath(PurePosixPath(path).parent / unquote(file)) if file else path), unquote(fragment)


def is_elsewhere(address: str) -> bool:
    return bool(re.match(r"https?:", address))


def is_about(made: Files, path: str, iri: str) -> bool:
    return f'<link rel="canonical" href="{iri}">' in str(made.get(path))


# What there is


def test_everything_has_a_page_at_the_path_of_its_iri(pages: dict[str, Page], knowledge: Knowledge, made: Files) -> None:
    for iri in knowledge.names:
        name = local_name(iri)
        if iri.startswith(KB):
            assert is_about(made, f"kb/{name}.html", iri)
        else:
            assert any(is_about(made, f"ontology/{name}{word}.html", iri) for word in ("", "-property", "-class")), iri
    for rule in knowledge.rules:
        assert f"rule/{rule.id}.html" in pages
    for query in files.query_files():
        assert f"query/{query.stem}.html" in pages
    for name in ("plan", "kb", "form"):
        for quad in parse(path=str(files.shape_file(name)), format=RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(SHAPE):
                assert f"shapes/{local_name(quad.subject.value)}.html" in pages


def test_each_page_is_about_one_iri_and_each_iri_has_one_page(made: Files, pages: dict[str, Page], knowledge: Knowledge) -> None:
    about = Counter(
        iri
        for path in pages
        if path.startswith(FOLDERS)
        for iri in re.findall(r'<link rel="canonical" href="([^"]+)">', str(made[path]))
    )
    assert {*about.values()} == {1}
    assert {iri for iri in about if iri.startswith((MWKB, KB))} == knowledge.names


def test_an_iri_with_a_hash_lands_on_an_entry(pages: dict[str, Page], knowledge: Knowledge) -> None:
    assert {iri.removeprefix(MWKB) for iri in knowledge.names if iri.startswith(MWKB)} <= {*pages["ontology/index.html"].ids}
    assert {"S-32-local-fit-given", "prefix-kb", "F-assets-name"} <= {*pages["shapes/index.html"].ids}


def test_no_two_paths_are_the_same_where_case_does_not_count(made: Files) -> None:
    folded = Counter(path.casefold() for path in made)
    assert [path for path, count in folded.items() if count > 1] == []
    assert {"ontology/Outcome.html", "ontology/outcome-property.html"} <= {*made}


def test_names_that_a_path_cannot_hold_stay_in_their_folder() -> None:
    base = "https://w3id.org/mwkb/kb/"
    given = [
        (f"{base}../../etc/x", "fact"),
        (f"{base}a/b", "fact"),
        (f"{base}a-b", "fact"),
        (f"{base}A-B", "fact"),
        (base, "fact"),
    ]
    found = paths(given, ["kb/index.html"])
    assert len({path.casefold() for path in found.values()}) == len(given)
    assert all(re.fullmatch(r"kb/[\w-][\w.-]*\.html", path) for path in found.values())
    assert paths([(f"{base}index", "fact")], ["kb/index.html"]) == {f"{base}index": "kb/index-fact.html"}


# Links


def test_every_link_leads_somewhere(pages: dict[str, Page], made: Files) -> None:
    broken = []
    for path, page in pages.items():
        for address in {*page.links, *page.loads}:
            if not is_elsewhere(address):
                file, fragment = target(path, address)
                if file not in made or (fragment and fragment not in pages[file].ids):
                    broken.append((path, address))
    assert broken == []


def test_links_name_their_file_so_that_they_hold_without_a_server(pages: dict[str, Page]) -> None:
    inner = {address for page in pages.values() for address in page.links if not is_elsewhere(address)}
    assert all(re.match(r"#|[^/].*\.\w+(#.*)?$", address) for address in inner)


def test_links_hold_both_ways(pages: dict[str, Page]) -> None:
    """What the page of a thing links to, links back."""
    things = {path for path in pages if path.startswith(FOLDERS) and not path.endswith("/index.html")}
    leads = {
        path: {target(path, address)[0] for address in pages[path].main_links if not is_elsewhere(address)} & things - {path}
        for path in things
    }
    listed = {
        path: {target(path, address)[0] for address in (*pages[path].main_links, *pages[path].back_links)} for path in things
    }
    one_way = [(path, other) for path in sorted(things) for other in sorted(leads[path]) if path not in listed[other]]
    assert one_way == [] and sum(map(len, leads.values())) > 10_000


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("kb/risk-debt.html", "kb/intervention-6iii.html"),
        ("kb/economic-claim-05.html", "kb/text-reading-33.html"),
        ("kb/toolkit-figure-4.html", "rule/R-06.html"),
        ("ontology/Intervention.html", "kb/intervention-6iii.html"),
        ("ontology/PlanGap.html", "rule/G-16.html"),
        ("ontology/Rating.html", "rule/R-05.html"),
        ("ontology/recordsAsset.html", "shapes/P-assets-kind.html"),
        ("ontology/ratedEvidence.html", "query/light-blue.html"),
        ("rule/R-04.html", "rule/R-36.html"),
        ("rule/R-36.html", "rule/R-04.html"),
        ("kb/category-light-blue.html", "query/light-blue.html"),
        ("shapes/P-entry-in-plan-check.html", "shapes/P-entry-in-plan.html"),
    ],
)
def test_a_page_lists_what_links_to_it(pages: dict[str, Page], page: str, other: str) -> None:
    assert other in {target(page, address)[0] for address in pages[page].back_links}


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page], made: Files) -> None:
    assert [(path, each) for path, page in pages.items() for each in page.loads if ":" in each or each.startswith("//")] == []
    assert not re.search(r"url\(|@import|@font-face", str(made["style.css"]))
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|https?:", str(made["search.js"]))


def test_no_page_but_the_search_needs_a_script(pages: dict[str, Page]) -> None:
    assert {path for path, page in pages.items() if page.tags["script"]} == {"index.html", "search.html"}


def test_ids_are_unique_and_headings_in_order(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert len(page.ids) == len({*page.ids}), path
        assert page.headings[0] == 1 and page.headings.count(1) == 1, path
        assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), path


# What the pages say


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("kb/intervention-6iii.html", ["6iii", "As printed", "line 2112", "Level 3", "R-04", "area-06.ttl", "Inference"]),
        (
            "kb/text-reading-01.html",
            ["Interpretation", "Confidence: medium", "chosen reading", "alternative reading", "reasoning"],
        ),
        ("kb/later-audit-commission.html", ["From public sources", 'href="https://www.legislation.gov.uk/ukpga/2014/2"']),
        ("kb/parameter-gradient-share.html", ["Set by the editors", "0.25", "share of neighbourhoods"]),
        ("ontology/Intervention.html", ["Properties of a thing of this class", "risk factor", "instances", "owl:Class"]),
        (
            "rule/G-16.html",
            ["Stratum", "lines 810-819, 837-840", "Offer more", "Counts or adds up", "nothing is offered anywhere"],
        ),
        ("query/light-blue.html", ["mwkb query light-blue --plan", "Columns of the answer", "Score|score", "oakmere-2026"]),
        (
            "shapes/P-asset-name-given.html",
            ["Violation", "mwkb: identity", "Give the name by which people know it", "sh:minCount"],
        ),
        ("parameters.html", ["Gradient share", "0.25", "0 to 0.5", "R-51"]),
        ("rule/R-12.html", ["Addresses a risk factor that is present: …<"]),
        ("index.html", ["0.1.0", "PREFIX mwkb:", "Cite as", "CC BY 4.0", "0.2.0"]),
    ],
)
def test_what_a_page_says(made: Files, page: str, said: list[str]) -> None:
    text = str(made[page])
    assert [each for each in said if not re.search(each, text)] == []


def test_the_header_of_the_ontology_is_on_the_page_and_in_json(made: Files, knowledge: Knowledge, pages: dict[str, Page]) -> None:
    iri = MWKB.rstrip("#")
    dataset, header = map(json.loads, pages["index.html"].json)
    stated = {q.predicate.value for q in knowledge.alone.quads_for_pattern(NamedNode(iri), None, None)} - {RDF + "type"}
    assert header["@id"] == iri and {*header} - {"@id", "@type"} == stated
    assert (dataset["version"], dataset["license"]) == (knowledge.version, "https://creativecommons.org/licenses/by/4.0/")
    assert {each["contentUrl"] for each in dataset["distribution"]} == {path for path in made if path.startswith("downloads/")}


def test_a_reading_that_concerns_a_thing_is_told_with_its_alternative(made: Files, knowledge: Knowledge) -> None:
    text = str(made["kb/intervention-6iii.html"])
    reading = KB + "text-reading-33"
    assert knowledge.value(reading, "mwkb:alternative") and "Otherwise" in text and "Because" in text


def changed(*quads: Quad) -> Knowledge:
    """The knowledge base with more statements."""
    store = turtle_store(*files.ontology_files(), *files.fact_files())
    store.extend(quads)
    return Knowledge(store)


def test_a_deprecated_term_says_why_since_when_and_what_to_use() -> None:
    term = NamedNode(MWKB + "asks")
    made = site(
        changed(
            Quad(term, NamedNode(OWL + "deprecated"), Literal(True)),
            Quad(term, NamedNode(DCTERMS + "isReplacedBy"), NamedNode(MWKB + "about")),
            Quad(term, NamedNode(MWKB + "deprecationReason"), Literal("It asks in vain.")),
            Quad(term, NamedNode(MWKB + "deprecatedIn"), Literal("0.2.0")),
        )
    )
    text = str(made["ontology/asks.html"])
    assert "Deprecated since 0.2.0." in text and "It asks in vain." in text
    assert re.search(r'Use instead: <a href="\.\./ontology/about\.html">about</a>', text)
    assert re.search(r"asks</a> <span[^>]*>deprecated</span>", str(made["ontology/index.html"]))


def test_a_hostile_fact_harms_no_page() -> None:
    script = "<script>window.harmed = true</script>"
    fact, text = NamedNode(KB + "hostile"), Literal(f"{script}]]> \"'{{{{ 7 * 7 }}}} & </textarea>\u2028\x07")
    address = NamedNode("https://example.org/'onmouseover='harm()")
    link = NamedNode("javascript:harm()")
    made = site(
        changed(
            *(Quad(fact, NamedNode(RDF + "type"), NamedNode(MWKB + kind)) for kind in ("GlossaryTerm", "CommissioningArea")),
            *(Quad(fact, NamedNode(SKOS + name), text) for name in ("prefLabel", "definition", "altLabel", "notation")),
            *(Quad(fact, NamedNode(RDFS + "seeAlso"), each) for each in (address, link)),
            Quad(fact, NamedNode(DCTERMS + "source"), link),
            Quad(NamedNode(MWKB.rstrip("#")), NamedNode(DCTERMS + "description"), text),
        )
    )
    shown = {path: str(text) for path, text in made.items() if path.endswith(".html")}
    assert script.replace("<", "&lt;").replace(">", "&gt;") in shown["kb/hostile.html"]
    assert [path for path, each in shown.items() if script in each] == []
    parsed = Page(shown["kb/hostile.html"])
    assert parsed.tags["script"] == 0 and not any(address.startswith("javascript") for address in parsed.links)
    assert json.loads(Page(shown["index.html"]).json[0])["description"]
    assert "\u2028" not in str(made["search-index.js"])


# Downloads


def triples(text: str | bytes, form: RdfFormat) -> set[tuple[str, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return {tuple(map(str, quad.triple)) for quad in parse(data, format=form)}  # type: ignore[misc]


def test_the_downloads_hold_the_same_triples(made: Files, knowledge: Knowledge) -> None:
    stated = {tuple(map(str, q.triple)) for q in knowledge.alone.quads_for_pattern(None, None, None, DefaultGraph())}
    for name, form in (("ttl", RdfFormat.TURTLE), ("nq", RdfFormat.N_QUADS), ("jsonld", RdfFormat.JSON_LD)):
        assert triples(made[f"downloads/mwkb.{name}"], form) == stated, name


def test_the_tables_hold_every_fact_once(made: Files, knowledge: Knowledge) -> None:
    rows = [
        next(iter(row.values()))
        for path, text in made.items()
        if path.endswith(".csv")
        for row in csv.DictReader(io.StringIO(text.decode() if isinstance(text, bytes) else text))
    ]
    assert sorted(KB + row for row in rows) == sorted(iri for iri in knowledge.names if iri.startswith(KB))


# The folder


def test_the_same_files_give_the_same_site(made: Files, tmp_path: Path) -> None:
    """Also where sets are in another order, and nodes without a name have other names."""
    command = "from mwkb.cli import main; main()"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", command, "docs", "-o", str(tmp_path / "site")], env=environment, check=True)
    written = {f.relative_to(tmp_path / "site").as_posix(): f.read_bytes() for f in (tmp_path / "site").rglob("*") if f.is_file()}
    del written[folder.MARKER]
    assert {*written} == {*made}
    assert [path for path in made if written[path] != (t.encode() if isinstance(t := made[path], str) else t)] == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwkb.site.build.site", lambda knowledge: {"index.html": "<h1>New</h1>", "kb/a.html": "A"})


@pytest.mark.usefixtures("small")
def test_a_site_takes_the_place_of_an_older_one(mwkb: Mwkb, tmp_path: Path) -> None:
    target = tmp_path / "site"
    assert mwkb("docs", "-o", str(target)).code == 0
    (target / "old.html").write_text("gone after the next run")
    code, out, err = mwkb("docs", "-o", str(target))
    assert (code, out) == (0, "") and "index.html" in err
    assert {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()} == {
        *("index.html", "kb/a.html"),
        folder.MARKER,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("small")
def test_an_empty_folder_may_be_filled(mwkb: Mwkb, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert mwkb("docs", "-o", str(tmp_path / "site")).code == 0


@pytest.mark.parametrize("what", ["a folder with work", "a file", "no parent"])
@pytest.mark.usefixtures("small")
def test_nothing_else_is_replaced(mwkb: Mwkb, tmp_path: Path, what: str) -> None:
    target = tmp_path / "target"
    if what == "a file":
        target.write_text("work")
    elif what == "no parent":
        target = tmp_path / "missing" / "site"
    else:
        target.mkdir()
        (target / "work.txt").write_text("work")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = mwkb("docs", "-o", str(target))
    assert (code, out, err.count("\n")) == (2, "", 1) and str(tmp_path) in err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_leaves_the_old_site(tmp_path: Path) -> None:
    target = tmp_path / "site"
    folder.write(target, {"index.html": "old"})
    with pytest.raises(OSError):
        folder.write(target, {"index.html": "new", "index.html/below": "a file is no folder"})
    assert (target / "index.html").read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["site"]


def test_what_does_not_lie_beside_is_left_out_and_what_is_broken_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a wheel, there are neither tests nor a changelog."""
    for name in files.FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setenv("MWKB_ROOT", str(tmp_path))
    made = site(changed(Quad(NamedNode(KB + "a/b"), NamedNode(RDF + "type"), NamedNode(SKOS + "Concept"))))
    assert "section-changes" not in str(made["index.html"]) and "section-cases" not in str(made["rule/R-04.html"])
    assert "skos:Concept" in str(made["kb/a-b.html"])
    (tmp_path / "rules/shapes/plan.ttl").write_text("this is no Turtle")
    with pytest.raises(InputProblem, match=r"plan\.ttl"):
        site(changed())


# In a browser


@pytest.fixture(scope="module")
def written(made: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "site"
    folder.write(target, made)
    return target


@dataclass(frozen=True)
class Opened:
    """Opens a page at a width, and with a query, in the colours of a scheme."""

    scheme: str
    open: Callable[[str, int, str], Any]

    def __call__(self, path: str, width: int = 1280, query: str = "") -> Any:
        return self.open(path, width, query)


@pytest.fixture(scope="module", params=["light", "dark"])
def opened(request: pytest.FixtureRequest, written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open a page from the disc in a browser without a network; whatever it asks for elsewhere is an error."""
    if BROWSER is None:
        pytest.skip("there is no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("browser") / "profile",
            executable_path=BROWSER,
            headless=True,
            args=FLAGS,
            offline=True,
            color_scheme=request.param,
        )
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))

        def open_page(path: str, width: int, query: str) -> Any:
            view = context.pages[0]
            asked.clear()
            view.set_viewport_size({"width": width, "height": 800})
            view.goto((written / path).as_uri() + query)
            assert [url for url in asked if not url.startswith(written.as_uri())] == []
            return view

        yield Opened(request.param, open_page)
        context.close()


@pytest.mark.parametrize("path", EACH_KIND)
def test_axe_finds_no_violation(opened: Opened, path: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    view = opened(path, 320 if opened.scheme == "light" else 1280)
    view.evaluate("[...document.querySelectorAll('main details')].slice(0, 4).forEach(each => { each.open = true })")
    report = view.evaluate("async source => { (0, eval)(source); return await axe.run() }", AXE.read_text(encoding="utf-8"))
    assert [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in report["violations"]] == []


@pytest.mark.parametrize("path", EACH_KIND)
def test_a_narrow_window_need_not_be_scrolled_sideways(opened: Opened, path: str) -> None:
    view = opened(path, 320)
    view.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
    assert view.evaluate("document.documentElement.scrollWidth") == 320


def found(view: Any) -> list[str]:
    texts: list[str] = view.locator("#found > li > a").all_inner_texts()
    return texts


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("6iii", "6iii Debt counselling and advice"),
        ("debt", "Debt"),
        ("DEBTS", "Debt"),
        ("R-12", "R-12 A risk factor that the intervention addresses"),
        ("area-03", "3 Resilience of children and young people"),
        ("P-asset-name-given", "P-asset-name-given Name of the asset"),
    ],
)
def test_the_search_finds_numbers_names_and_ids(opened: Opened, words: str, first: str) -> None:
    view = opened("search.html", query=f"?q={words}")
    assert found(view)[0].startswith(first)
    view.locator("#found > li > a").first.click()
    assert first.split()[-1] in view.title()


def test_the_search_finds_other_names_and_words_of_definitions(opened: Opened, knowledge: Knowledge) -> None:
    risk = next(iri for iri in sorted(knowledge.names) if iri.startswith(KB) and knowledge.value(iri, "skos:altLabel"))
    view = opened("search.html", query=f"?q={knowledge.value(risk, 'skos:altLabel')}")
    assert any(knowledge.label(risk) in text for text in found(view))
    assert "6iii Debt counselling and advice" in found(opened("search.html", query="?q=counsels+debts"))


def test_the_search_is_used_with_the_keyboard_and_says_what_came_of_it(opened: Opened) -> None:
    view = opened("kb/intervention-6iii.html")
    view.get_by_label("Search for a name, number or word").fill("fuel poverty")
    view.keyboard.press("Enter")
    view.wait_for_url("**/search.html?q=fuel+poverty")
    assert re.fullmatch(r"\d+ found\.", view.get_by_role("status").inner_text())
    view.get_by_label("Name, number, id").fill("xyzzy <img src=x onerror=harm()>")
    view.keyboard.press("Enter")
    assert view.get_by_role("status").inner_text() == "Nothing found." and found(view) == []


def test_the_boxes_of_drawings_are_links_that_the_keyboard_reaches(opened: Opened) -> None:
    view = opened("kb/area-06.html")
    link = view.locator("svg a", has_text="6iii").first
    link.focus()
    assert view.evaluate("document.activeElement.getAttribute('href')") == "../kb/intervention-6iii.html"
    view.keyboard.press("Enter")
    view.wait_for_url("**/kb/intervention-6iii.html")


def test_without_a_script_the_search_names_the_lists(made: Files) -> None:
    assert re.search(r"<noscript>.*a-z/a\.html.*kb/index\.html.*</noscript>", str(made["search.html"]))


def test_a_store_is_left_as_it_was(knowledge: Knowledge, made: Files) -> None:
    assert {q for q in knowledge.alone if q.graph_name != DefaultGraph()} == set() and isinstance(knowledge.alone, Store)
