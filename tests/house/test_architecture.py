"""The drawing of the rooms says what the imports are, and no way through them leads back."""

import re
import tomllib

from tests.house import architecture
from tests.house.rules import ROOT


def test_the_drawing_is_that_of_the_imports() -> None:
    page = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.with_made(page, architecture.made()) == page, "run ./run architecture and commit the page"


def test_no_way_from_a_room_leads_back_to_it() -> None:
    assert architecture.circles(architecture.arrows(architecture.the_house())) == []


def test_no_way_from_a_module_leads_back_to_it() -> None:
    assert architecture.circles(architecture.between_modules(architecture.the_house())) == []


def test_every_room_says_why_it_is_there() -> None:
    sources = architecture.the_house()
    rooms = architecture.arrows(sources).keys() - {"app"}
    assert [room for room in sorted(rooms) if not architecture.reason(sources, room)] == []


def test_a_new_import_and_a_circle_are_seen() -> None:
    house = {"app.a": "import app.b.queries\n", "app.b": "", "app.b.queries": "def f():\n    from app.c import d\n"}
    graph = architecture.arrows({**house, "app.c": "", "app.c.d": "from app.a import x\n"})
    assert graph == {"a": {"b": {"queries"}}, "b": {"c": {"d"}}, "c": {"a": {"a"}}}
    assert architecture.circles(graph) == ["a", "b", "c"]
    assert architecture.circles(architecture.arrows({**house, "app.c": "", "app.c.d": ""})) == []


def test_a_circle_inside_a_room_is_seen() -> None:
    room = {
        "app.a": "",
        "app.a.make": "from app.a.words import say",
        "app.a.words": "def say():\n    import app.a.make\n",
    }
    assert architecture.circles(architecture.between_modules(room)) == ["app.a.make", "app.a.words"]


def test_an_arrow_that_a_longer_way_implies_is_not_drawn() -> None:
    graph = {
        "a": {"b": frozenset("x"), "c": frozenset("x")},
        "b": {"c": frozenset("x")},
        "c": dict[str, frozenset[str]](),
    }
    assert architecture.drawn(graph) == [("a", "b"), ("b", "c")]


def test_every_file_that_the_walks_name_is_there() -> None:
    page = architecture.PAGE.read_text(encoding="utf-8")
    named = {word for word in page.split("`") if word.endswith(".py") and "/" in word and " " not in word}
    assert named
    assert [name for name in sorted(named) if not any((ROOT / top / name).exists() for top in ("", "app"))] == []


def test_the_drawing_of_the_door_has_every_module_of_its_contract() -> None:
    page = architecture.PAGE.read_text(encoding="utf-8")
    drawing = page[page.index("## Inside the door") : page.index("## Where a new thing belongs")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    release = next(one for one in project["tool"]["importlinter"]["contracts"] if one.get("id") == "release")
    modules = [module for layer in release["layers"] for module in layer.split(" | ")]
    labels = " ".join(re.findall(r'\["([^<]*)', drawing))
    assert len(modules) > 20
    assert [one for one in modules if not re.search(rf"\b{one}\b", labels)] == []


def test_every_room_with_the_shape_of_a_feature_is_in_the_contract_about_it() -> None:
    shape = {"routes", "forms", "service", "views", "queries", "models"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    inside = next(one for one in project["tool"]["importlinter"]["contracts"] if one.get("id") == "inside")
    rooms = {folder.parent for folder in (ROOT / "app").glob("*/__init__.py")}
    shaped = {f"app.{room.name}" for room in rooms if len(shape & {file.stem for file in room.glob("*.py")}) > 1}
    assert len(shaped) > 30
    # What all pages are made of is no feature: views and forms there are what those of features are built on.
    assert shaped - set(inside["containers"]) == {"app.web"}
