"""Draws the rooms of the house and the imports between them into docs/architecture.md: `./run architecture`."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.rules import ROOT, figures, python_files, statements

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- made by ./run architecture, from the imports -->\n", "<!-- end of what is made -->\n"
HOUSE = ("app", "surveys", "scoring")

Arrows = Mapping[str, Mapping[str, frozenset[str]]]


def module_of(path: Path) -> str:
    """The dotted name of a file of ours."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room that a module belongs to: a package or single module of app, or one of the two packages below."""
    parts = module.split(".")
    return parts[1] if parts[0] == "app" and len(parts) > 1 else parts[0]


def imported(source: str) -> Iterator[str]:
    """The dotted names that a module imports anywhere, also inside a function, each as long as it is written."""
    for node in statements(source):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def arrows(sources: Mapping[str, str]) -> Arrows:
    """For each room the rooms that it imports, and the modules of them that it takes; `sources` by dotted name."""
    found: dict[str, dict[str, set[str]]] = {room_of(name): defaultdict(set) for name in sources}
    for name, source in sources.items():
        for target in imported(source):
            module = target if target in sources else target.rsplit(".", 1)[0]
            if module in sources and room_of(module) not in (room_of(name), "app"):
                found[room_of(name)][room_of(module)].add(module.rsplit(".", 1)[-1])
    return {room: {to: frozenset(taken) for to, taken in sorted(there.items())} for room, there in found.items()}


def between_modules(sources: Mapping[str, str]) -> Arrows:
    """For each module the modules that it imports."""
    found: dict[str, dict[str, frozenset[str]]] = {name: {} for name in sources}
    for name, source in sources.items():
        for target in imported(source):
            module = target if target in sources else target.rsplit(".", 1)[0]
            if module in sources and module != name:
                found[name][module] = frozenset({module})
    return found


def reached(graph: Arrows, room: str) -> frozenset[str]:
    """Every room or module that can be reached from this one, by whatever way."""
    found: set[str] = set()
    waiting = list(graph.get(room, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += graph.get(one, ())
    return frozenset(found)


def drawn(graph: Arrows) -> list[tuple[str, str]]:
    """The arrows that no longer way implies: the others would only hide them."""
    below = {room: reached(graph, room) for room in graph}
    return [
        (room, to)
        for room, there in sorted(graph.items())
        for to in there
        if not any(to in below[other] for other in there if other != to and room not in below[other])
    ]


def circles(graph: Arrows) -> list[str]:
    """Rooms or modules from which a way leads back to themselves."""
    return sorted(room for room in graph if room in reached(graph, room))


def the_house() -> dict[str, str]:
    """The source of every module of the program by its dotted name."""
    return {module_of(path): path.read_text(encoding="utf-8") for path in python_files(*HOUSE)}


def reason(sources: Mapping[str, str], room: str) -> str:
    """The first sentence of what a room says of itself."""
    name = room if room in HOUSE else f"app.{room}"
    told = (ast.get_docstring(ast.parse(sources[name])) or "").split("\n\n")[0]
    return " ".join(told.split())


def face(graph: Arrows, room: str) -> str:
    """The modules of a room that others import."""
    taken = frozenset[str]().union(*(there.get(room, frozenset()) for there in graph.values()))
    return ", ".join(f"`{name}`" for name in sorted(taken - {room})) or "–"


def made() -> str:
    """The part of the page that follows from the code: the drawing, then a line for each room."""
    sources = the_house()
    graph = arrows(sources)
    rooms = sorted(room for room in graph if room not in ("app", "__main__"))
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"  {room} --> {to}" for room, to in drawn(graph) if room in rooms and to in rooms]
    lines += [
        "```",
        "",
        f"{sum(len(graph[room]) for room in rooms)} imports lead from one room to another. The drawing",
    ]
    lines += ["leaves out those that a longer way implies; the table has all of them.", ""]
    lines += ["| room | why it is there | its face | what it imports |", "|---|---|---|---|"]
    for room in rooms:
        below = ", ".join(graph[room]) or "–"
        lines.append(f"| `{room}` | {reason(sources, room)} | {face(graph, room)} | {below} |")
    return "\n".join(lines) + "\n"


def with_made(page: str, text: str) -> str:
    """The page with the made part in its place between the two marks."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + text + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(with_made(PAGE.read_text(encoding="utf-8"), made()), encoding="utf-8")
    print("docs/architecture.md says what the imports are.")
    print(figures())
