"""The house rules that no linter knows: each is a function from source text to the sentences that say what is wrong."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ("app", "surveys", "scoring", "bench")
LONGEST_FUNCTION = 40
LONGEST_MODULE = 399
FEWEST_WORDS = 3  # a reason has a thing and what it is there for
NOT_OURS = {".git", ".venv", "node_modules", "data", "demo-data", "vendor", "fonts"}

SQL_PACKAGES = ("sqlalchemy", "sqlmodel")
SQL_WORDS = {"select", "insert", "update", "delete", "text", "exists", "union", "union_all", "literal_column"}
VAGUE_NAMES = {
    "base",
    "common",
    "core",
    "helper",
    "helpers",
    "lib",
    "manager",
    "managers",
    "misc",
    "shared",
    "util",
    "utils",
}
# What some call a thing for which the glossary has another word.
SYNONYMS = {
    "campaign": "wave",
    "dept": "department",
    "employee": "person",
    "participant": "respondent",
    "participation": "response rate",
    "submission": "response",
    "tenant": "organisation",
    "unit": "department",
}
# What is handed words for people, and what is handed an address.
SAYING = {"say", "say_count", "tell", "APIRouter", "get", "post"}
PRIVATE_MODULES = {"routes", "forms", "views"}

# Written so that this file does not break its own rule.
OUTSIDE_WORLD = re.compile(
    r"/wor[k]/|/tm[p]/[a-z]|/hom[e]/[a-z]|/roo[t]/|index-ur[l]|find-link[s]|registr[y]="
    r"|https?://[a-z.]*(?:pyp[i]|np[m]|debia[n])[a-z.]*/",
    re.IGNORECASE,
)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")  # the fields of a node in which statements stand


def python_files(*folders: str) -> list[Path]:
    """Our Python files in these folders; generated migrations are not ours to shape."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return [file for file in files if not NOT_OURS & set(file.relative_to(ROOT).parts)]


def text_files() -> list[Path]:
    """Every text file of the project: what is not hidden, vendored, generated or data."""
    return [file for file in sorted(_walk(ROOT)) if b"\0" not in file.read_bytes()[:8000]]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith(".") and path.name not in {".ci", ".editorconfig", ".gitattributes", ".gitignore"}
        if hidden or path.name in NOT_OURS or path.name in {"__pycache__", "uv.lock"}:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


@cache
def tree(source: str) -> ast.Module:
    """A module as a syntax tree; each source is read once, whatever the number of rules."""
    return ast.parse(source)


@cache
def statements(source: str) -> tuple[ast.stmt, ...]:
    """All statements of a module, those inside of others too: functions and imports are some."""
    found: list[ast.stmt] = []
    waiting: list[ast.AST] = [tree(source)]
    while waiting:
        node = waiting.pop()
        inside = [one for field in BLOCKS for one in getattr(node, field, ())]
        found += [one for one in inside if isinstance(one, ast.stmt)]
        waiting += inside
    return tuple(found)


def function_lengths(source: str) -> dict[str, int]:
    """Lines of each function, from `def` to its last line, by name and line."""
    functions = (node for node in statements(source) if isinstance(node, FUNCTIONS))
    return {
        f"{node.name} (line {node.lineno})": (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions
    }


def long_functions(source: str) -> list[str]:
    """Functions that do not fit on a screen."""
    lengths = function_lengths(source).items()
    return [f"{name} has {lines} lines, over {LONGEST_FUNCTION}" for name, lines in lengths if lines > LONGEST_FUNCTION]


def long_module(source: str) -> list[str]:
    """A module that wants a better cut."""
    lines = len(source.splitlines())
    return [f"{lines} lines, over {LONGEST_MODULE}"] if lines > LONGEST_MODULE else []


def sql_words(source: str) -> list[str]:
    """Where a module takes SQL's words from SQLAlchemy or SQLModel, by import or through the package's name."""
    found: list[str] = []
    if not any(package in source for package in SQL_PACKAGES):  # to look through each expression takes long
        return found
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in SQL_PACKAGES:
            found += [f"line {node.lineno}: {alias.name}" for alias in node.names if alias.name in SQL_WORDS]
        if isinstance(node, ast.Attribute) and node.attr in SQL_WORDS and isinstance(node.value, ast.Name):
            found += [f"line {node.lineno}: {node.attr}"] if node.value.id in {"sa", "sqlmodel", "sqlalchemy"} else []
    return found


def commits(source: str) -> list[str]:
    """Calls of `commit`: a transaction belongs to the request or the job, not to what it calls."""
    calls = (node for node in ast.walk(tree(source)) if isinstance(node, ast.Call)) if "commit" in source else ()
    return [
        f"line {c.lineno}: commit()" for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "commit"
    ]


def vague_name(path: Path) -> list[str]:
    """Folders and modules whose name says nothing."""
    return [f"{part} says nothing" for part in path.with_suffix("").parts if part in VAGUE_NAMES]


def synonyms(source: str) -> list[str]:
    """Names that a module gives to something for which the glossary has another word."""
    found: list[str] = []
    if not any(word in source.lower() for word in SYNONYMS):
        return found
    for node in ast.walk(tree(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                pass
            case _:
                continue
        words = (word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name))
        found += [f"{name} is called {SYNONYMS[word]} here" for word in words if word in SYNONYMS]
    return found


def said(source: str) -> list[str]:
    """What a module says outside its names: messages to people, addresses of routes and names of tables."""
    found: list[str] = []
    for node in ast.walk(tree(source)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in SAYING:
                found += [one.value for one in args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            case ast.Assign(targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=str(name))):
                found.append(name)
    return found


def said_otherwise(source: str) -> list[str]:
    """Messages, addresses and tables with a word for which the glossary has another one."""
    return [fault for text in said(source) for fault in otherwise(text)]


def printed_otherwise(template: str) -> list[str]:
    """The same for what a template prints; what it says to whoever reads it is left out."""
    return otherwise(re.sub(r"{#.*?#}", "", template, flags=re.DOTALL))


def otherwise(text: str) -> list[str]:
    """The words of a text for which the glossary has another one."""
    words = (word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower()))
    return [f"{word} is called {SYNONYMS[word]} here: {text[:60]}" for word in words if word in SYNONYMS]


def missing_docstring(source: str) -> list[str]:
    """A module begins with a sentence on one line that says its one reason; an empty one is the face of a folder."""
    if not tree(source).body:
        return []
    first = (ast.get_docstring(tree(source)) or "").split("\n", 1)[0]
    if not first.endswith((".", ":", ";", ")")):
        return ["the module does not begin with a sentence"]
    return [] if len(first.split()) >= FEWEST_WORDS else [f"the first sentence gives no reason: {first}"]


def unexplained_any(source: str) -> list[str]:
    """`Any` without a comment in the module that says why."""
    imported = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "typing"
        and any(alias.name == "Any" for alias in node.names)
        for node in statements(source)
    )
    return ["Any is used and no comment says why"] if imported and not re.search(r"#.*\bAny\b", source) else []


def reaches_inside(source: str, *, feature: str) -> list[str]:
    """Imports of another feature's routes, forms or views: its face is service and queries."""
    found = []
    for node in statements(source):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found += [f"line {node.lineno}: {name}" for name in names if _is_inside_of_another(name, feature)]
    return found


def _is_inside_of_another(name: str, feature: str) -> bool:
    parts = name.split(".")
    if len(parts) != 3 or parts[0] != "app":
        return False
    return parts[1] not in {feature, "web"} and parts[2] in PRIVATE_MODULES


def outside_world(text: str) -> list[str]:
    """Paths of somebody's machine and hosts of package registries."""
    lines = enumerate(text.splitlines(), start=1)
    return [f"line {number}: {found.group()}" for number, line in lines if (found := OUTSIDE_WORLD.search(line))]


def unpinned(requirements: str) -> list[str]:
    """What must not stand in a locked requirement file: addresses, options, versions or hashes that are not fixed."""
    found = [f"an address: {line}" for line in requirements.splitlines() if "://" in line]
    found += [f"an option: {line}" for line in requirements.splitlines() if line.startswith("-")]
    for entry in re.split(r"\n(?=[A-Za-z0-9])", requirements):
        first = entry.strip().split("\n", 1)[0]
        if "==" not in first or "--hash=sha256:" not in entry:
            found.append(f"not pinned by version and hash: {first}")
    return found


def figures() -> str:
    """How the house stands in one line; no gate, except where a rule above is one."""
    files = python_files(*PROGRAM)
    lengths = [lines for file in files for lines in function_lengths(file.read_text(encoding="utf-8")).values()]
    ninetieth = statistics.quantiles(lengths, n=10, method="inclusive")[-1]
    return (
        f"{len(files)} modules, {len(lengths)} functions of {statistics.median(lengths):g} lines in the median, "
        f"{ninetieth:g} at the 90th percentile, {max(lengths)} at most"
    )


if __name__ == "__main__":
    print(figures())
