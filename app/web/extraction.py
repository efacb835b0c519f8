"""Finds the messages of templates and programs and brings the catalogs up to date: `./run catalogs`.

A message that is new has no words yet, one that is gone is dropped, words are kept; nothing is guessed. The files hold
no dates and no line numbers, so that they change only where a message does.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from app.web.catalogs import CONSOLE, PARTS, PLURALS, RESPONDENT, path_of, read_catalog, state_of

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# What somebody who answers can meet. A message that stands in one of these belongs to them, wherever else it stands.
RESPONDENTS_FILES: Final = (
    "app/respond/*",
    "app/posters/templates/posters/sheet.html",
    "app/rooms/guesses.py",
    "app/waves/promise.py",
    "app/answers/masking.py",
    "app/answers/write.py",
    "app/errors.py",
    "app/invitations/tokens.py",
    "app/mail/words.py",
    "app/mail/templates/mail/letter.html",
    "app/web/failures.py",
    "app/web/forms.py",
    "app/playbooks/roles.py",
    "app/share/telling.py",
    "app/share/templates/share/told.html",
    "app/share/templates/share/untold.html",
)
# Said in English only.
ENGLISH_ONLY: Final = ("app/demo/*",)
KEYWORDS: Final = {
    "say": None,
    "say_count": (1, 2),
    "tell": None,
    "gettext": None,
    "_": None,
    "ngettext": (1, 2),
}
CALLS: Final = re.compile(rb"\bsay(_count)?\(|\btell\(|\{%-?\s*trans\b|\bn?gettext\(|[{ (]_\(")
OPTIONS: Final = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}

Messages = dict[str | tuple[str, ...], list[str]]
"""The files in which a message stands."""


def messages() -> dict[str, Messages]:
    """All messages by the part that they belong to."""
    found: dict[str, Messages] = {part: {} for part in PARTS}
    files = sorted(_files(), key=lambda name: (not _is_respondents(name), name))
    for name in files:
        part = RESPONDENT if _is_respondents(name) else CONSOLE
        for message in _in(name):
            owner = RESPONDENT if message in found[RESPONDENT] else part
            places = found[owner].setdefault(message, [])
            if name not in places:
                places.append(name)
    return found


def written(language: str, part: str, found: Messages) -> bytes:
    """The file of a catalog with these messages and the words that it has for them already."""
    before = read_catalog(language, part)
    after = Catalog(locale=language)
    after.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message, places in found.items():
        known = before.get(message[0] if isinstance(message, tuple) else message)
        string = known.string if known is not None and known.id == message else None
        locations = [(place, 0) for place in places]
        after.add(message, string, locations=locations)
    lines = BytesIO()
    write_po(lines, after, omit_header=True, include_lineno=False, width=100)
    return _head(language, state_of(language, part)).encode() + lines.getvalue()


def outdated() -> list[Path]:
    """The catalogs that do not have exactly the messages of templates and programs."""
    return [path for path, text in _all() if not path.exists() or path.read_bytes() != text]


def update() -> list[Path]:
    """Writes the catalogs that are out of date, and names them."""
    changed = outdated()
    for path, text in _all():
        if path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    return changed


def _all() -> list[tuple[Path, bytes]]:
    found = messages()
    return [
        (path_of(language, part), written(language, part, found[part]))
        for part, languages in PARTS.items()
        for language in languages
    ]


def _head(language: str, state: str) -> str:
    """What tools need to know of a file, and its state."""
    lines = [
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURALS[language]}",
        f"X-State: {state}",
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def _files() -> Iterator[str]:
    for path in (*(ROOT / "app").rglob("*"), *(ROOT / "surveys").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        english = any(fnmatch(name, one) for one in ENGLISH_ONLY)
        if path.suffix in (".py", ".html") and not english:
            yield name


def _is_respondents(name: str) -> bool:
    return any(fnmatch(name, one) for one in RESPONDENTS_FILES)


def _in(name: str) -> Iterator[str | tuple[str, ...]]:
    method = "jinja2.ext:babel_extract" if name.endswith(".html") else "python"
    options = OPTIONS if name.endswith(".html") else {}
    text = (ROOT / name).read_bytes()
    if not CALLS.search(text):  # most files have none, and taking Python apart is slow
        return
    for _, message, _, _ in extract(method, BytesIO(text), KEYWORDS, (), options):
        if message:
            yield message
