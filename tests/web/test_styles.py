"""The style sheets: small, without a rule or a class that nothing uses, and every component shown on one page."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from jinja2 import nodes
from starlette.testclient import TestClient

from app.web.statics import ROOT, StaticFiles, tight
from app.web.templating import APP, make_environment

ENVIRONMENT = make_environment()
CSS = ROOT / "css"
SHARED = ("tokens.css", "elements.css", "fonts.css")
# The report and the posters on paper have sheets of their own, whose classes are theirs alone.
PAPER = "reports/"
PAGES_OF_THE_CONSOLE = ("reports/report.html", "reports/no_release.html")
POSTERS_ON_PAPER = ("posters/document.html", "posters/sheet.html")
# Made like the pages of a survey, for the same people.
FOR_ALL_STAFF = ("share/told.html",)
BUDGET = 25_000  # bytes of a page's sheets as they travel, before they are packed
WORK = "work.css"  # what pages do without that show results and have no form

# Classes that no template spells out, with who puts them there.
PUT_THERE_BY = {
    "htmx-request": "htmx, while it waits",
    "depth-1": "a template, from how deep a department lies",
    "depth-2": "a template, from how deep a department lies",
    "depth-3": "a template, from how deep a department lies",
    "depth-4": "a template, from how deep a department lies",
}
# The kind of a table is its classes.
OF_A_TABLE = re.compile(r'{% call data_table\((?:[^%]|%\()*?kind="([^"]+)"')
WORD = re.compile(r"[A-Za-z][\w-]*\w|[a-z]")


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(encoding="utf-8"), flags=re.DOTALL)


def selectors(css: str) -> Iterator[str]:
    """What stands before each block that is no at-rule; nested rules come by themselves."""
    for head in re.findall(r"([^{};]+)\{", css):
        if not head.strip().startswith(("@", "from", "to")):
            yield " ".join(head.split())


def classes_of(selector: str) -> set[str]:
    return set(re.findall(r"\.([A-Za-z][\w-]*)", selector))


def templates(*, answering: bool) -> dict[str, str]:
    """The templates of those who answer, or of the console with the pages that readers of a wave see."""
    found = {}
    for path in sorted(APP.glob("*/templates/*/*.html")):
        name = f"{path.parent.name}/{path.name}"
        on_paper = (name.startswith(PAPER) and name not in PAGES_OF_THE_CONSOLE) or name in POSTERS_ON_PAPER
        if not on_paper and (name.startswith("respond/") or name in FOR_ALL_STAFF) == answering:
            found[name] = path.read_text(encoding="utf-8")
    return found


def classes_in(source: str) -> set[str]:
    """The classes that a template spells out, also those in words of an expression inside the attribute."""
    found = {word for kind in OF_A_TABLE.findall(source) for word in kind.split()}
    for value in re.findall(r'class="((?:{{.*?}}|{%.*?%}|[^"{])*)"', source):
        for expression in re.findall(r"{[{%].*?[}%]}", value):
            expression = re.sub(r"get\([^)]*\)|[!=]= *['\"][^'\"]*['\"]", "", expression)
            found |= {word for text in re.findall(r"['\"]([^'\"]*)['\"]", expression) for word in text.split()}
        found |= set(re.sub(r"{[{%].*?[}%]}", " ", value).split())
    return {word for word in found if WORD.fullmatch(word)}


def words_in_python() -> set[str]:
    """Words in strings of the program: results say which class a cell has, and macros are told one."""
    return {
        word
        for folder in ("autonomy", "closing", "explore", "releases", "web", "papers", "demo")
        for path in [*(APP / folder).rglob("*.py"), *(APP / folder).rglob("*.html")]
        for text in re.findall(r"['\"]([a-z -]+)['\"]", path.read_text(encoding="utf-8"))
        for word in text.split()
    }


SIDES = {
    "console.css": False,
    "work.css": False,
    "autonomy.css": False,
    "cell.css": False,
    "documents.css": False,
    "figures.css": False,
    "heatmap.css": False,
    "lineage.css": False,
    "map.css": False,
    "plan.css": False,
    "room.css": False,
    "waves.css": False,
    "respond.css": True,
    "told.css": True,
}
# Results, rooms and others have sheets beside the console's, which only their pages load.
OF_A_SIDE = {side: tuple(name for name, of in SIDES.items() if of == side) for side in (False, True)}


def test_a_sheet_travels_without_comments_and_keeps_its_rules() -> None:
    written = (
        b'/* why */\na:hover,\n b > c { font: 1rem/1.5 "Segoe UI", x; }\n@media (a) and (b) { .c :is(d, e) { x: y } }\n'
    )
    assert tight(written) == b' a:hover,b > c{font:1rem/1.5 "Segoe UI",x;}@media (a) and (b){.c :is(d,e){x:y}}'


@pytest.mark.parametrize(("name", "answering"), SIDES.items())
def test_every_class_of_a_sheet_is_on_some_page(name: str, answering: bool) -> None:
    there = {word for source in templates(answering=answering).values() for word in classes_in(source)}
    asked = {one for selector in selectors(sheet(name)) for one in classes_of(selector)}
    assert asked - there - words_in_python() - PUT_THERE_BY.keys() == set()


@pytest.mark.parametrize("answering", OF_A_SIDE)
def test_every_class_on_a_page_has_a_rule(answering: bool) -> None:
    sheets = (*OF_A_SIDE[answering], *SHARED)
    rules = {one for part in sheets for selector in selectors(sheet(part)) for one in classes_of(selector)}
    bare = {
        (template, word)
        for template, source in templates(answering=answering).items()
        for word in classes_in(source) - rules
    }
    assert bare == set()


WITHOUT_WORK = "{% block work %}{% endblock %}"
A_FIELD = re.compile(
    r'"web/_macros.html" import [^%]*\b(field|textarea|select|choices|check)\b|<input(?! type="hidden")|<textarea'
)


@cache
def family(name: str) -> frozenset[str]:
    """A template with those that it extends, includes and takes macros from."""
    assert ENVIRONMENT.loader is not None
    tree = ENVIRONMENT.parse(ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0])
    found = frozenset([name])
    named: list[nodes.Extends | nodes.Include | nodes.FromImport] = []
    for kind in (nodes.Extends, nodes.Include, nodes.FromImport):
        named += tree.find_all(kind)
    for node in named:
        assert isinstance(node.template, nodes.Const)
        found |= family(node.template.value)
    return found


def sheets_of(page: str) -> frozenset[str]:
    """The style sheets that a page loads, as a link or inside of itself."""
    sources = [(APP / one.split("/")[0] / "templates" / one).read_text(encoding="utf-8") for one in family(page)]
    found = frozenset(name for one in sources for name in re.findall(r"(?:static|inline)\('css/(\w+\.css)'\)", one))
    return found - {WORK} if WITHOUT_WORK in "".join(sources) else found


def test_what_a_page_loads_to_look_right_is_small() -> None:
    files = StaticFiles()
    sources = templates(answering=False) | templates(answering=True)
    found = {sheets_of(page) for page, source in sources.items() if "{% extends" in source} | {
        frozenset(["report.css"])
    }
    assert {name for sheets in found for name in sheets} >= {*SIDES, "report.css"}
    for sheets in found:
        assert sum(len(files._files[files.address(f"css/{name}")].plain) for name in sheets) < BUDGET, sheets


def test_only_pages_without_anything_to_work_on_do_without_the_sheet_for_it() -> None:
    others = [one for one in (*OF_A_SIDE[False], *SHARED) if one != WORK]
    elsewhere = {one for part in others for selector in selectors(sheet(part)) for one in classes_of(selector)}
    of_work = {one for selector in selectors(sheet(WORK)) for one in classes_of(selector)} - elsewhere
    sources = templates(answering=False)
    without = [page for page, source in sources.items() if WITHOUT_WORK in source]
    assert len(without) > 10
    for page in without:
        own = family(page) - {"web/_macros.html", "web/base.html"}
        assert set().union(*(classes_in(sources.get(one, "")) for one in own)) & of_work == set(), page
        assert not A_FIELD.search(sources[page]), page


@pytest.mark.parametrize("name", [name for name in OF_A_SIDE[False] if name not in ("console.css", WORK)])
def test_a_page_of_the_console_loads_a_further_sheet_where_it_has_classes_of_it_and_only_there(name: str) -> None:
    others = [one for one in (*OF_A_SIDE[False], *SHARED) if one != name]
    elsewhere = {one for part in others for selector in selectors(sheet(part)) for one in classes_of(selector)}
    of_this = {one for selector in selectors(sheet(name)) for one in classes_of(selector)} - elsewhere
    sources = templates(answering=False)
    for page, source in sources.items():
        if "{% extends" in source:
            needed = set().union(*(classes_in(sources.get(one, "")) for one in family(page))) & of_this
            assert (f"css/{name}" in source) == bool(needed), (page, needed)


@pytest.mark.parametrize(("name", "answering"), SIDES.items())
def test_the_classes_of_one_rule_meet_on_one_page(name: str, answering: bool) -> None:
    sources = templates(answering=answering)
    spelled = {template: classes_in(source) for template, source in sources.items()}
    pages = [set().union(*(spelled.get(one, set()) for one in family(template))) for template in sources]
    elsewhere = words_in_python() | PUT_THERE_BY.keys()
    lonely = [
        choice
        for selector in selectors(sheet(name))
        for choice in re.split(r",(?![^()]*\))", selector)
        if ":is(" not in choice and not any(classes_of(choice.split(":not(")[0]) - elsewhere <= page for page in pages)
    ]
    assert lonely == []


def test_a_rule_and_a_class_that_nothing_uses_are_found() -> None:
    assert list(selectors(".a { x: y } @media print { .b > p { .c & { x: y } } }")) == [".a", ".b > p", ".c &"]
    assert classes_in("""<p class="a {{ 'b' if x }}{% if y %} c-d{% endif %}">""") == {"a", "b", "c-d"}


def test_only_the_demo_shows_the_components(client: TestClient) -> None:
    assert client.get("/demo/components").status_code == 404


def test_every_macro_is_shown_among_the_components() -> None:
    known = set(re.findall(r"{% macro (\w+)", (APP / "web/templates/web/_macros.html").read_text(encoding="utf-8")))
    page = (APP / "demo/templates/demo/components.html").read_text(encoding="utf-8")
    inside_of_fields = {"notes", "ties"}
    assert {name for name in known - inside_of_fields if f"{name}(" not in page} == set()
