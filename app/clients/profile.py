"""What is set of a client: its name, time zone, financial year, colour and the languages that its people are asked in.

Two people who change it at the same time: whoever sends later is told what the other did, and loses nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import changes, queries
from app.clients.calendar import MONTHS
from app.clients.colours import read_colour
from app.clients.meanwhile import NOT_SEEN, ChangedMeanwhileError
from app.clients.models import Organisation
from app.clients.queries import Profile
from app.clients.rules import about_name, time_zones
from app.errors import InvalidError
from app.sentences import Passage, say
from surveys.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """The settings as typed. `seen` is what the form had shown, None for one that does not say."""

    name: str
    time_zone: str
    year_starts: str
    colour: str
    languages: tuple[str, ...]
    seen: Profile | None = None


def form_of(profile: Profile) -> ProfileForm:
    """The form of what is set; no language chosen means all of them, so all are ticked."""
    ticked = profile.languages or tuple(LANGUAGES)
    return ProfileForm(profile.name, profile.time_zone, str(profile.year_starts), profile.colour or "", ticked, profile)


def written(profile: Profile) -> str:
    """What a form has shown, as the form sends it back."""
    return json.dumps(asdict(profile))


def read_seen(text: str) -> Profile | None:
    """What a form had shown; None where it says nothing of that, or nothing that can be read."""
    try:
        found = json.loads(text)
        return Profile(**{**found, "languages": tuple(found["languages"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def change(session: Session, organisation_id: UUID, typed: ProfileForm, *, now: datetime) -> None:
    """Sets it all. Waves that are planned keep their moments and languages; the days of changes begin by the new clock.

    InvalidError with a sentence for each field; ChangedMeanwhileError where it is not what was seen, or nobody can tell
    as the form does not say what it showed; NotFoundError.
    """
    queries.lock_tree(session, organisation_id)
    wanted = _checked(typed)
    there = queries.profile(session, organisation_id)
    if there not in (typed.seen, wanted):
        raise ChangedMeanwhileError(tuple(_changes(there, typed.seen)))
    row = session.get_one(Organisation, organisation_id)
    row.name, row.time_zone, row.year_starts = wanted.name, wanted.time_zone, wanted.year_starts
    row.colour, row.languages = wanted.colour, [*wanted.languages] or None
    session.flush()
    if wanted.time_zone != there.time_zone:
        changes.days_anew(session, organisation_id, now=now)


def asked_in(session: Session, organisation_id: UUID) -> dict[str, str] | None:
    """The languages that a client's first wave begins with, as a draft keeps them; None for all there are."""
    return dict.fromkeys(queries.profile(session, organisation_id).languages, "") or None


def _checked(typed: ProfileForm) -> Profile:
    name, colour = " ".join(typed.name.split()), read_colour(typed.colour)
    chosen = tuple(tag for tag in LANGUAGES if tag in typed.languages)
    found = {
        "name": about_name(name, "Fernhill Instruments"),
        "time_zone": None
        if typed.time_zone in time_zones()
        else say("Choose the time zone from the list, for example Europe/Berlin."),
        "year_starts": None if typed.year_starts in map(str, MONTHS) else say("Choose a month."),
        "colour": None
        if colour or not typed.colour
        else say("Give the colour as # and six digits, for example #1f5a96, or leave it empty."),
        "languages": None if chosen else say("Choose at least one language."),
    }
    wrong = {field: sentence for field, sentence in found.items() if sentence is not None}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    every = len(chosen) == len(LANGUAGES)
    return Profile(name, typed.time_zone, int(typed.year_starts), colour, () if every else chosen)


def _changes(now: Profile, seen: Profile | None) -> Iterator[str]:
    if seen is None:
        yield NOT_SEEN
        return
    if now.name != seen.name:
        yield say("It is called {name} now.", name=now.name)
    if now.time_zone != seen.time_zone:
        yield say("Its time zone is {zone} now.", zone=now.time_zone)
    if now.year_starts != seen.year_starts:
        yield say("Its financial year begins in {month} now.", month=MONTHS[now.year_starts])
    if now.colour != seen.colour:
        none = say("It has no colour of its own now.")
        yield say("Its colour is {colour} now.", colour=now.colour) if now.colour else none
    if now.languages != seen.languages:
        names = ", ".join(LANGUAGES[tag].name for tag in now.languages or LANGUAGES)
        yield say("Its people are asked in these languages now: {languages}.", languages=names)
