"""The console is said in German: every page, walked in both languages, and every refusal in the program."""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from sqlmodel import Session

from app.actions import queries as plan
from app.clients import queries as clients
from app.clients.rules import time_zones
from app.mail.words import OURS
from app.main import routes_of
from app.playbooks.catalogue import catalogue
from app.playbooks.shelf import library
from app.releases import store
from app.waves import queries as waves
from app.web.speech import speech
from app.workflows import queries as workflows
from scoring import errors
from surveys import load
from surveys.translations import source_texts
from tests.cast import Cast
from tests.conftest import Clock
from tests.house.rules import ROOT
from tests.privacy.scene import Scene, everything, set_up, signed_in
from tests.web.pages import texts_of
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.db import Database

# Rooms that no consultant meets: what they say is for the respondents (five languages, a test of their own), for
# whoever runs the service, or for a visitor of the demonstration.
NOT_OF_THE_CONSOLE: Final = frozenset({"demo", "respond"})
ENGLISH: Final = re.compile(r"\b(?:and|are|from|itself|of|than|the|their|which|with)\b", re.IGNORECASE)
WORD: Final = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS_ALIKE: Final = 2
ADDRESS: Final = re.compile(r"\S+@\S+|https?://\S+|[\w ]+-[0-9a-f]{8}")  # and what a list calls somebody
COLUMNS: Final = frozenset({"Function", "Headcount", "Site"})  # of a list of departments: its file names them so
# A page of the survey, or a mail, in the language that was chosen for it.
FRAMES: Final = ("/preview/page", "/letter")
# Time zones are named after places, as their database has them.
PLACES: Final = frozenset(zone.partition("/")[2].replace("_", " ").replace("/", ", ") for zone in time_zones())
REFUSALS: Final = re.compile(r"\w*Error|wrong_field")


def english_left(english: Collection[str], german: Collection[str], data: Collection[str]) -> list[str]:
    """The texts of the German page that are the English one's too, have more than two words and are nobody's data; and
    those in which only some of the words are English."""
    said = {text for text in german if text not in PLACES and not ADDRESS.fullmatch(text)}
    mixed = {text for text in said if ENGLISH.search(_without(text, data))}
    alike = said.intersection(english)
    return sorted(mixed | {text for text in alike if len(WORD.findall(_without(text, data))) > MOST_WORDS_ALIKE})


def _without(text: str, data: Collection[str]) -> str:
    for name in data:
        text = text.replace(name, " ")
    return text


@cache
def english_messages() -> frozenset[str]:
    """Short messages that German says otherwise: as a text of a German page each is one that was forgotten."""
    from app.web.catalogs import read_catalog

    told = ((str(one.id), one.string) for one in read_catalog("de", "console") if isinstance(one.id, str))
    return frozenset(id for id, words in told if words and words != id and len(WORD.findall(id)) <= MOST_WORDS_ALIKE)


def data_of(session: Session, scene: Scene) -> tuple[str, ...]:
    """What people typed, longest first: names, labels, readers."""
    organisation = scene.cast.organisation
    told = {clients.organisation(session, organisation).name, "Readiness of our own", "Head of Legal", "Works council"}
    for one in clients.departments(session, organisation):
        told |= {one.name, one.pool or ""}
    for wave in waves.waves(session, organisation):
        told |= {wave.assessment_name, wave.label}
    release = store.latest(session, organisation, scene.closed)
    assert release is not None
    told |= {row.name for row in release.document.rows if row.kind != "pool"}
    told |= set(workflows.names(session, scene.cast.organisation).values())
    told |= {text for one in plan.plan(session, organisation) for text in (one.facts.title, one.facts.owner)}
    return tuple(sorted(told - {""}, key=len, reverse=True))


def texts_of_questionnaires() -> set[str]:
    """The texts of the shipped questionnaires in English."""
    every = map(load.load, *zip(*load.published(), strict=True))
    return {text for one in every for text in (one.name, *source_texts(one).values())}


@pytest.mark.lived_in
@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_no_page_of_the_console_has_an_english_sentence_in_german(
    database: "Database", cast: Cast, lived_in: World, clock: Clock, application: "FastAPI", client: "TestClient"
) -> None:
    scene = set_up(database, cast, lived_in, clock())
    with database.reading() as session:
        data = data_of(session, scene)
    # Whoever changes a questionnaire reads it in the language in which it is written.
    # The subject of a mail is in the mail's language, whoever looks at it.
    said = [str(speech("de").say(one.subject.filled({"organisation": "|"}))) for one in OURS.values()]
    subjects = [part.strip() for one in said for part in one.split("|") if part.strip()]
    data_in = {
        "authoring": sorted((*texts_of_questionnaires(), *data), key=len, reverse=True),
        "mail": sorted((*subjects, *data), key=len, reverse=True),
        # Documents that are named in every language as they are called.
        **dict.fromkeys(("playbooks", "guardrails"), sorted({*sources(), *data}, key=len, reverse=True)),
    }
    addresses = everything(application, scene).member
    signed_in(client)
    found: dict[str, set[str]] = {}
    walked = 0
    for address in addresses:
        room = room_of(application, address)
        if room in NOT_OF_THE_CONSOLE or address.partition("?")[0].endswith(FRAMES):
            continue
        pages = [client.get(address, headers={"accept-language": tag}) for tag in ("en", "de")]
        if not all("text/html" in page.headers.get("content-type", "") for page in pages):
            continue
        (_, english), (language, german) = (texts_of(page.text) for page in pages)
        assert language == "de", address
        theirs = data_in.get(room, data)
        left = english_left(english, german, theirs)
        # A letter alone is a sign and no word: who is consulted in a RACI, say.
        words = {text for text in german if WORD.search(text)}
        left += [text for text in words & english_messages() if text not in PLACES.union(theirs)]
        left = [text for text in left if not (address.endswith("/import") and text in COLUMNS)]
        if left:
            found.setdefault(room, set()).update(left)
        walked += 1
    assert walked > 60
    assert sorted(f"{room}: {text}" for room, left in found.items() for text in left) == []


def sources() -> Iterator[str]:
    """What actions and guardrails refer to, whole and by its parts."""
    yield from (one for action in library().actions for one in action.sources)
    for guardrail in catalogue().guardrails:
        yield from (f"{one.law}: {one.part}" for one in guardrail.references)
    yield from catalogue().laws


def room_of(application: "FastAPI", address: str) -> str:
    """The room whose page stands at an address."""
    path = address.partition("?")[0]
    route = next(one for one in routes_of(application) if "GET" in (one.methods or ()) and one.path_regex.match(path))
    return route.endpoint.__module__.split(".")[1]


def test_a_sentence_that_is_the_same_in_both_languages_is_found() -> None:
    english = ["Nobody answered yet", "Customer service desk", "Trust", "2026-Q3", "IT itself and HR"]
    german = ["Nobody answered yet", "Customer service desk", "Vertrauen", "2026-Q3", "IT itself und HR"]
    assert english_left(english, german, ["Customer service desk"]) == ["IT itself und HR", "Nobody answered yet"]
    assert "Departments" in english_messages()


def test_the_texts_of_a_page_are_read_with_what_it_says_aloud_and_without_other_languages() -> None:
    page = '<html lang="de"><p title="Hinweis">Guten <b>Tag</b></p><p lang="en">Good day</p><code>no words</code><br>x'
    assert texts_of(page) == ("de", ["Hinweis", "Guten", "Tag", "x"])


def unsaid(source: str) -> Iterator[str]:
    """The sentences in a program's refusals that are plain strings, so that they are English whoever reads them."""
    tree = ast.parse(source)
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if REFUSALS.fullmatch(name) and name not in INTERNAL:
            for argument in (*call.args, *(one.value for one in call.keywords)):
                yield from _plain(argument)


# What tells a programmer, not a reader of pages; so do the errors of scoring, which are ValueErrors.
INTERNAL: Final = frozenset(
    {"ValueError", "KeyError", "TypeError", "RuntimeError", "OSError"}
    | {"InstrumentError", "LibraryError", "FatalURLFetchingError"}
    | {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.ScoringError)}
)


def _plain(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.JoinedStr):
        told = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        yield from [told] if " " in told else []
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _plain(child)


# What is said on a command line, by commands and by what only they use (app/exports).
COMMAND_LINE: Final = frozenset({"commands.py", "saving.py", "wanted.py"})


def _rooms() -> list[Path]:
    """The programs of the rooms, without what is said on a command line."""
    every = (path for path in (ROOT / "app").glob("*/**/*.py") if path.name not in COMMAND_LINE)
    return sorted(path for path in every if path.relative_to(ROOT / "app").parts[0] not in NOT_OF_THE_CONSOLE)


def test_every_refusal_can_be_said_in_german() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(unsaid(path.read_text(encoding="utf-8"))) for path in _rooms()}
    assert {name: told for name, told in found.items() if told} == {}


def test_a_refusal_that_is_a_plain_string_is_found() -> None:
    source = 'raise InvalidError(f"{name} is taken.", fields={"name": "Give another name."})'
    assert sorted(unsaid(source)) == ["Give another name.", "{} is taken."]
    assert list(unsaid('raise GoneError(say("It is over."))')) == []
